package dev.pointsman.registry.consul;

import static dev.pointsman.registry.consul.Recorded.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.registry.Watch;
import dev.pointsman.testkit.ConsulUnderTest;
import dev.pointsman.testkit.NeedsConsul;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real Consul whose token loses its rights, and one that is restarted and knows nothing. */
@Timeout(120)
@NeedsConsul
class DoubtfulConsulIT {
    private static final String READ_ALL = "service_prefix \\\"\\\" { policy = \\\"read\\\" } ";
    private static final String READ_NODES = "node_prefix \\\"\\\" { policy = \\\"read\\\" } ";

    private final Vertx vertx = Vertx.vertx();
    private final RecordedViews views = new RecordedViews();
    private final ServerSocket first = listen();
    private final ServerSocket second = listen();

    @AfterEach
    void close() throws IOException {
        vertx.close().await();
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

    private void register(ConsulUnderTest consul, String id, ServerSocket at) {
        String body = "{\"Name\":\"api\",\"ID\":\"%s\",\"Address\":\"127.0.0.1\",\"Port\":%d}"
                .formatted(id, at.getLocalPort());
        assertThat(consul.http()
                        .send("PUT", "/v1/agent/service/register", body, ConsulAccess.ROOT)
                        .status())
                .isEqualTo(200);
    }

    private ConsulRegistry registry(ConsulUnderTest consul, String token) {
        return new ConsulRegistry(
                vertx,
                ConsulAddress.from(consul.url(), Map.of("CONSUL_HTTP_TOKEN", token)),
                ConsulWatchOptions.DEFAULT);
    }

    @Test
    void a_token_that_loses_its_rights_and_gets_them_back_costs_no_instance() {
        try (ConsulUnderTest consul = ConsulUnderTest.launch(ConsulAccess.CONFIG)) {
            ConsulAccess access = ConsulAccess.of(consul);
            String policy = access.policy(READ_ALL + READ_NODES);
            String token = access.token(policy);
            register(consul, "a", first);
            try (ConsulRegistry registry = registry(consul, token)) {
                Watch watch = registry.watch("api", views);
                views.awaitIds("a");

                access.policy(policy, READ_NODES);
                register(consul, "b", second);
                await().until(() ->
                        String.valueOf(watch.status().lastError()).contains("is the ACL token allowed to read?"));
                assertThat(views.ids()).containsExactly("a");

                access.policy(policy, READ_ALL + READ_NODES);
                views.awaitIds("a", "b");
                await().until(() -> watch.status().lastError() == null);
            }
        }
    }

    @Test
    void what_a_restarted_consul_forgot_stays_as_long_as_it_answers() throws IOException {
        try (ConsulUnderTest consul = ConsulUnderTest.launch()) {
            register(consul, "a", first);
            register(consul, "b", second);
            try (ConsulRegistry registry = registry(consul, "")) {
                Watch watch = registry.watch("api", views);
                views.awaitIds("a", "b");
                consul.kill();
                consul.start();
                views.awaitView(view -> view.retained().size() == 2);
                // Which reason comes first depends on how far the new Consul is with its start; until then it could not
                // be reached.
                await().untilAsserted(() -> assertThat(
                                String.valueOf(watch.status().lastError()))
                        .containsAnyOf("may have lost its data", "cut off from its leader", "does not confirm it"));
                first.close();
                views.awaitIds("b");
                register(consul, "b", second);
                views.awaitView(view -> view.retained().isEmpty());
                assertThat(views.ids()).containsExactly("b");
            }
        }
    }

    @Test
    void the_last_instance_that_deregisters_is_gone_at_once_though_it_answers() {
        try (ConsulUnderTest consul = ConsulUnderTest.launch();
                ConsulRegistry registry = registry(consul, "")) {
            register(consul, "a", first);
            registry.watch("api", views);
            views.awaitIds("a");
            consul.http().put("/v1/agent/service/deregister/a", "");
            views.awaitView(
                    view -> view.instances().isEmpty() && view.retained().isEmpty());
        }
    }

    @Test
    void a_token_without_rights_is_named_at_the_first_empty_list() {
        try (ConsulUnderTest consul = ConsulUnderTest.launch(ConsulAccess.CONFIG)) {
            ConsulAccess access = ConsulAccess.of(consul);
            try (ConsulRegistry registry = registry(consul, access.token())) {
                Watch watch = registry.watch("api", views);
                await().until(() -> String.valueOf(watch.status().lastError()).contains("no instance (403"));
            }
        }
    }
}
