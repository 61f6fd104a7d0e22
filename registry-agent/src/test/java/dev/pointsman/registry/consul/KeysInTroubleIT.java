package dev.pointsman.registry.consul;

import static dev.pointsman.registry.consul.Recorded.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.registry.Following;
import dev.pointsman.registry.KeyValueStore;
import dev.pointsman.registry.KvEntry;
import dev.pointsman.registry.KvView;
import dev.pointsman.testkit.ConsulUnderTest;
import dev.pointsman.testkit.NeedsConsul;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Keys of a real Consul that loses its data, and of one whose token loses its rights. */
@Timeout(120)
@NeedsConsul
class KeysInTroubleIT {
    private static final String READ = "key_prefix \\\"app/\\\" { policy = \\\"read\\\" }";
    private static final byte[] VALUE = {1};

    private final Vertx vertx = Vertx.vertx();
    private final Recorded<KvView> views = new Recorded<>();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private static List<String> keys(KvView view) {
        return view.entries().stream().map(KvEntry::key).toList();
    }

    private void awaitKeys(String... keys) {
        views.awaitView(view -> keys(view).equals(List.of(keys)));
    }

    private ConsulRegistry registry(ConsulUnderTest consul, String token) {
        return new ConsulRegistry(
                vertx,
                ConsulAddress.from(consul.url(), Map.of("CONSUL_HTTP_TOKEN", token)),
                ConsulWatchOptions.DEFAULT);
    }

    private static String put(ConsulUnderTest consul, String path, String body) {
        return consul.http().send("PUT", path, body, ConsulAccess.ROOT).body();
    }

    @Test
    void a_consul_that_is_killed_and_forgets_everything_takes_no_key_away_until_one_is_written() {
        try (ConsulUnderTest consul = ConsulUnderTest.launch();
                ConsulRegistry registry = registry(consul, "")) {
            put(consul, "/v1/kv/app/a", "1");
            put(consul, "/v1/kv/app/b", "2");
            for (int n = 0; n < 20; n++) {
                put(consul, "/v1/kv/elsewhere", "so that the index of a new Consul is a lower one: " + n);
            }
            put(consul, "/v1/kv/app/c", "3");
            Following<KvView> watch = registry.keyValues().watchPrefix("app/", views);
            awaitKeys("app/a", "app/b", "app/c");

            consul.kill();
            await().until(() -> watch.status().failures() > 1);
            consul.start();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> String.valueOf(watch.status().lastError()).contains("Consul lost its data"));
            assertThat(keys(views.last())).containsExactly("app/a", "app/b", "app/c");

            put(consul, "/v1/kv/app/b", "2");
            awaitKeys("app/b");
            await().until(() -> watch.status().lastError() == null);
        }
    }

    @Test
    void a_token_that_loses_its_rights_and_gets_them_back_costs_no_key() {
        try (ConsulUnderTest consul = ConsulUnderTest.launch(ConsulAccess.CONFIG)) {
            ConsulAccess access = ConsulAccess.of(consul);
            String policy = access.policy(READ);
            String token = access.token(policy);
            put(consul, "/v1/kv/app/a", "1");
            try (ConsulRegistry registry = registry(consul, token)) {
                Following<KvView> watch = registry.keyValues().watchPrefix("app/", views);
                awaitKeys("app/a");

                access.policy(policy, READ.replace("app", "other"));
                // Nothing is written before: the query that waits was let in by the old rights.
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> String.valueOf(watch.status().lastError())
                                .contains("key_prefix \"app/\" { policy = \"read\" }"));
                assertThat(views.all())
                        .allSatisfy(view -> assertThat(keys(view)).containsExactly("app/a"));

                put(consul, "/v1/kv/app/b", "2");
                access.policy(policy, READ);
                awaitKeys("app/a", "app/b");
                await().until(() -> watch.status().lastError() == null);
            }
        }
    }

    @Test
    void a_token_that_may_not_read_or_write_is_told_which_rule_it_needs() {
        try (ConsulUnderTest consul = ConsulUnderTest.launch(ConsulAccess.CONFIG)) {
            ConsulAccess access = ConsulAccess.of(consul);
            String token = access.token(access.policy(READ));
            try (ConsulRegistry registry = registry(consul, token)) {
                KeyValueStore store = registry.keyValues();
                fails(store.putIf("app/a", VALUE, 0), "key \"app/a\" { policy = \"write\" }");
                fails(store.get("secret/a"), "key \"secret/a\" { policy = \"read\" }");
                Following<KvView> watch = store.watchPrefix("secret/", views);
                await().until(() -> String.valueOf(watch.status().lastError())
                        .contains("key_prefix \"secret/\" { policy = \"read\" }"));
                assertThat(views.all()).isEmpty();
                assertThat(registry.datacenter())
                        .succeedsWithin(Duration.ofSeconds(10))
                        .isEqualTo("dc1");
            }
        }
    }

    private static void fails(CompletionStage<?> stage, String rule) {
        assertThat(stage.toCompletableFuture())
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableOfType(ExecutionException.class)
                .withMessageContainingAll("403", "Permission denied", rule);
    }
}
