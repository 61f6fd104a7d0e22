package dev.pointsman.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.registry.Following;
import dev.pointsman.registry.KvView;
import dev.pointsman.registry.Watch;
import dev.pointsman.testkit.ConsulUnderTest;
import dev.pointsman.testkit.NeedsConsul;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Services of one datacenter, followed through an agent of another one. */
@Timeout(180)
@NeedsConsul(NeedsConsul.Source.COMMAND)
class DatacenterIT {
    private final ConsulUnderTest here = ConsulUnderTest.launchBinary();
    private final ConsulUnderTest there = ConsulUnderTest.launchBinary("datacenter = \"dc2\"");
    private final Vertx vertx = Vertx.vertx();
    private final RecordedViews views = new RecordedViews();
    private final ServerSocket first = listen();
    private final ServerSocket second = listen();

    DatacenterIT() {
        there.joinDatacenterOf(here);
    }

    @AfterEach
    void close() throws IOException {
        vertx.close().await();
        here.close();
        there.close();
        first.close();
        second.close();
    }

    private static ServerSocket listen() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException("no port for an instance", e);
        }
    }

    private ConsulRegistry registry(String datacenter) {
        return new ConsulRegistry(
                vertx,
                ConsulAddress.of("127.0.0.1", here.port()).withDatacenter(datacenter),
                ConsulWatchOptions.DEFAULT);
    }

    private static void register(ConsulUnderTest consul, String id, int port) {
        put(consul, "/v1/agent/service/register", "{\"Name\":\"api\",\"ID\":\"%s\",\"Port\":%d}".formatted(id, port));
    }

    private static void put(ConsulUnderTest consul, String path, String body) {
        assertThat(consul.http().put(path, body).status()).as(path).isEqualTo(200);
    }

    @Test
    void what_registers_and_deregisters_in_the_other_datacenter_is_followed_and_nothing_else() throws Exception {
        register(here, "of-this-one", first.getLocalPort());
        try (ConsulRegistry registry = registry("dc2")) {
            registry.watch("api", views);
            views.awaitIds();
            register(there, "a", first.getLocalPort());
            views.awaitIds("a");
            register(there, "b", second.getLocalPort());
            views.awaitIds("a", "b");
            put(there, "/v1/agent/service/maintenance/b?enable=true", "");
            views.awaitView(view -> view.instances().get(1).healthReason().contains("Service Maintenance"));
            put(there, "/v1/agent/service/deregister/b", "");
            views.awaitIds("a");
            // The last one, which still answers: gone at once, because the other datacenter confirms it.
            put(there, "/v1/agent/service/deregister/a", "");
            views.awaitIds();
            assertThat(views.all()).allSatisfy(view -> {
                assertThat(RecordedViews.ids(view)).doesNotContain("of-this-one");
                assertThat(view.retained()).isEmpty();
            });

            Recorded<KvView> keys = new Recorded<>();
            Following<KvView> watch = registry.keyValues().watchPrefix("app/", keys);
            assertThat(registry.keyValues().putIf("app/x", new byte[] {1}, 0).toCompletableFuture())
                    .succeedsWithin(Duration.ofSeconds(10))
                    .isEqualTo(true);
            keys.awaitView(view -> !view.entries().isEmpty());
            assertThat(here.http().get("/v1/kv/app/x").status()).isEqualTo(404);
            assertThat(there.http().get("/v1/kv/app/x").status()).isEqualTo(200);
            watch.close();
        }
    }

    @Test
    void a_datacenter_that_is_cut_off_keeps_its_view_and_is_followed_again_when_it_is_back() {
        register(there, "a", first.getLocalPort());
        register(there, "b", second.getLocalPort());
        try (ConsulRegistry registry = registry("dc2")) {
            Watch watch = registry.watch("api", views);
            views.awaitIds("a", "b");
            there.kill();
            await().atMost(Duration.ofSeconds(60)).until(() -> watch.status().failures() > 3);
            assertThat(views.ids()).containsExactly("a", "b");

            there.start();
            there.joinDatacenterOf(here);
            put(
                    there,
                    "/v1/agent/service/register",
                    "{\"Name\":\"api\",\"ID\":\"b\",\"Port\":%d,\"Meta\":{\"run\":\"2\"}}"
                            .formatted(second.getLocalPort()));
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> views.ids().equals(List.of("a", "b"))
                            && views.last().instances().get(1).meta().containsKey("run"));
            // Its Consul forgot it, but it answers.
            assertThat(views.retained()).containsExactly("a");
            assertThat(views.all()).extracting(RecordedViews::ids).containsOnly(List.of("a", "b"));
            await().atMost(Duration.ofSeconds(30)).until(() -> watch.status().failures() == 0);
        }
    }

    @Test
    void a_datacenter_that_is_unknown_is_said_so_and_followed_from_the_moment_it_is_known() {
        there.kill();
        try (ConsulUnderTest third = ConsulUnderTest.launchBinary("datacenter = \"dc3\"");
                ConsulRegistry registry = registry("DC3")) {
            register(third, "a", first.getLocalPort());
            Watch watch = registry.watch("api", views);
            await().until(() -> String.valueOf(watch.status().lastError()).contains("500 No path to datacenter"));
            assertThat(views.all()).isEmpty();
            third.joinDatacenterOf(here);
            views.awaitIds("a");
        }
    }
}
