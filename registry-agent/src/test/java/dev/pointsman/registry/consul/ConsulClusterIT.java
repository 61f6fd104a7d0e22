package dev.pointsman.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.registry.Following;
import dev.pointsman.registry.KeyValueStore;
import dev.pointsman.registry.KvView;
import dev.pointsman.registry.Watch;
import dev.pointsman.testkit.ConsulCluster;
import dev.pointsman.testkit.NeedsConsul;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The rows of docs/registry-trouble.md that need a real cluster: no leader, no quorum. */
@Timeout(180)
@NeedsConsul(NeedsConsul.Source.COMMAND)
class ConsulClusterIT {
    /** Responses come every two seconds, whether something changes or not, so that a test sees which server still responds. */
    private static final ConsulWatchOptions OPTIONS =
            new ConsulWatchOptions(Duration.ofSeconds(2), Duration.ofSeconds(30));

    private static ConsulCluster cluster;

    private final Vertx vertx = Vertx.vertx();
    private final RecordedViews views = new RecordedViews();

    @BeforeAll
    static void launch() {
        cluster = ConsulCluster.launch();
    }

    @BeforeEach
    void heal() {
        cluster.heal();
    }

    @AfterEach
    void closeVertx() {
        vertx.close().await();
    }

    @AfterAll
    static void close() {
        cluster.close();
    }

    private static void register(ConsulCluster.Server server, String service, String id, int port) {
        assertThat(server.http()
                        .put(
                                "/v1/agent/service/register",
                                "{\"Name\":\"%s\",\"ID\":\"%s\",\"Port\":%d}".formatted(service, id, port))
                        .status())
                .isEqualTo(200);
    }

    /** In any order: they are on several nodes, whose names sort by chance. */
    private void awaitInstances(String... ids) {
        views.awaitView(view -> Set.copyOf(RecordedViews.ids(view)).equals(Set.of(ids)));
    }

    private static void awaitLeader(ConsulCluster.Server seenBy, String otherThan) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !seenBy.leader().isEmpty() && !seenBy.leader().equals(otherThan));
    }

    private static void awaitResponseAfter(Watch watch, Instant time) {
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            Instant last = watch.status().lastResponse();
            return last != null && last.isAfter(time);
        });
    }

    @Test
    void a_cluster_that_loses_its_leader_and_then_its_quorum_never_empties_the_view_and_is_followed_again() {
        ConsulCluster.Server leader = cluster.leader();
        ConsulCluster.Server watched = cluster.followers().get(0);
        ConsulCluster.Server other = cluster.followers().get(1);
        String firstLeader = watched.leader();
        register(watched, "api", "a", 7001);
        register(other, "api", "b", 7002);
        try (ConsulRegistry registry =
                new ConsulRegistry(vertx, ConsulAddress.of("127.0.0.1", watched.port()), OPTIONS)) {
            Watch watch = registry.watch("api", views);
            awaitInstances("a", "b");
            views.all().clear();

            leader.kill();
            awaitLeader(watched, firstLeader);
            register(watched, "api", "c", 7003);
            awaitInstances("a", "b", "c");

            other.kill();
            await().atMost(Duration.ofSeconds(30)).until(() -> watched.leader().isEmpty());
            Instant withoutQuorum = Instant.now();
            awaitResponseAfter(watch, withoutQuorum.plusSeconds(4));
            assertThat(views.ids()).containsExactlyInAnyOrder("a", "b", "c");

            other.start();
            awaitLeader(watched, "");
            long elected = System.nanoTime();
            register(watched, "api", "d", 7004);
            await().atMost(Duration.ofSeconds(20)).until(() -> views.ids().contains("d"));
            // Seconds, says the design; the rest is for a busy machine.
            assertThat(Duration.ofNanos(System.nanoTime() - elected)).isLessThan(Duration.ofSeconds(10));
            await().until(() -> watch.status().lastError() == null);
        }
        assertThat(views.all())
                .allSatisfy(view -> assertThat(RecordedViews.ids(view)).contains("a", "b"));
    }

    @Test
    void the_watched_server_killed_while_it_leads_and_started_again_is_followed_on() {
        ConsulCluster.Server watched = cluster.leader();
        ConsulCluster.Server other = cluster.followers().get(0);
        String firstLeader = watched.leader();
        register(other, "web", "a", 7001);
        register(other, "web", "b", 7002);
        try (ConsulRegistry registry =
                new ConsulRegistry(vertx, ConsulAddress.of("127.0.0.1", watched.port()), OPTIONS)) {
            Watch watch = registry.watch("web", views);
            awaitInstances("a", "b");
            views.all().clear();

            watched.kill();
            await().until(() -> watch.status().failures() > 2);
            awaitLeader(other, firstLeader);
            register(other, "web", "c", 7003);
            watched.start();

            awaitInstances("a", "b", "c");
            await().atMost(Duration.ofSeconds(20)).until(() -> watch.status().lastError() == null);
        }
        assertThat(views.all())
                .allSatisfy(view -> assertThat(RecordedViews.ids(view)).contains("a", "b"));
    }

    @Test
    void keys_of_a_cluster_without_a_leader_stay_and_cannot_be_written_and_are_followed_again() {
        ConsulCluster.Server watched = cluster.followers().get(0);
        ConsulCluster.Server other = cluster.followers().get(1);
        Recorded<KvView> keys = new Recorded<>();
        assertThat(watched.http().put("/v1/kv/app/a", "1").status()).isEqualTo(200);
        try (ConsulRegistry registry =
                new ConsulRegistry(vertx, ConsulAddress.of("127.0.0.1", watched.port()), OPTIONS)) {
            KeyValueStore store = registry.keyValues();
            Following<KvView> watch = store.watchPrefix("app/", keys);
            keys.awaitView(view -> view.entries().size() == 1);

            cluster.leader().kill();
            other.kill();
            await().atMost(Duration.ofSeconds(30)).until(() -> watched.leader().isEmpty());
            assertThat(store.putIf("app/b", new byte[] {2}, 0).toCompletableFuture())
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableOfType(ExecutionException.class)
                    .withMessageContainingAll("asked to write the key app/b", "500");
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> String.valueOf(watch.status().lastError()).contains("No cluster leader"));
            assertThat(keys.all()).hasSize(1);

            other.start();
            awaitLeader(watched, "");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> watched.http().put("/v1/kv/app/b", "2").status() == 200);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> keys.last().entries().size() == 2);
            await().until(() -> watch.status().lastError() == null);
        }
    }
}
