package dev.pointsman.balancer.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.config.Limits;
import dev.pointsman.balancer.config.ListenAddress;
import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.Wire;
import dev.pointsman.testkit.TestHttp;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminServerTest {
    private final Vertx vertx = Vertx.vertx();
    private final BalancerReadiness readiness = new BalancerReadiness(Clock.systemUTC());
    private final AdminServer server = new AdminServer(
            vertx,
            new ListenAddress("127.0.0.1", 0),
            List.of("admin.example"),
            Limits.DEFAULT,
            new StateView(List::of, new StateChanges(Clock.systemUTC()), Clock.systemUTC()),
            List.of(new StatusPages(readiness, new StatusReport(readiness, List::of, () -> 1, () -> 0, null))));

    @BeforeEach
    void listen() throws Exception {
        finish(server.listen());
    }

    @AfterEach
    void close() throws Exception {
        finish(server.close());
        finish(vertx.close());
    }

    @Test
    void it_is_ready_only_between_its_start_and_its_stop() {
        assertReadiness(503, "starting");

        readiness.become(BalancerReadiness.ReadinessState.READY);
        assertReadiness(200, "ready");

        readiness.become(BalancerReadiness.ReadinessState.STOPPING);
        assertReadiness(503, "stopping");
    }

    @Test
    void it_says_how_many_targets_its_start_waits_for() {
        readiness.awaiting(() -> 636);
        assertThat(http().get("/health/ready").json().path("waitingFor").asInt())
                .isEqualTo(636);

        readiness.become(BalancerReadiness.ReadinessState.READY);
        assertThat(http().get("/health/ready").json().has("waitingFor")).isFalse();
    }

    @Test
    void it_is_alive_all_the_time() {
        for (BalancerReadiness.ReadinessState state : BalancerReadiness.ReadinessState.values()) {
            readiness.become(state);
            assertThat(http().get("/health/live").status()).isEqualTo(200);
            assertThat(http().get("/health/live").json().path("status").asText())
                    .isEqualTo("alive");
        }
    }

    @Test
    void a_page_that_had_its_own_name_resolved_to_this_machine_reads_nothing() throws Exception {
        try (Wire client = Wire.to(server.port())) {
            client.sendHead("GET /api/services HTTP/1.1", "Host: evil.example:9901");

            Message refused = client.readMessage();
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.body()).contains("\"error\"").contains("--host-names");
            assertThat(client.ends()).isTrue();
        }
        try (Wire client = Wire.to(server.port())) {
            client.sendHead("GET /api/services HTTP/1.1", "Host: admin.example:9901");

            assertThat(client.readMessage().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/api/changes?limit=%zz", "/health/ready?verbose=%", "/api/services?%g", "/api/instances/%zz"})
    void a_target_that_is_not_encoded_as_urls_are_is_refused_with_a_sentence(String target) throws Exception {
        try (Wire client = Wire.to(server.port())) {
            client.sendHead("GET " + target + " HTTP/1.1", "Host: localhost");

            Message refused = client.readMessage();
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.body()).contains("\"error\"").contains("two hexadecimal digits");
        }
    }

    @Test
    void a_field_that_only_looks_like_content_length_frames_nothing() throws Exception {
        try (Wire client = Wire.to(server.port())) {
            client.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\nContent-Xength: 45\r\n\r\n");
            client.sendHead("GET /api/services HTTP/1.1", "Host: localhost");

            assertThat(client.readMessage().body()).contains("alive");
            assertThat(client.readMessage().body()).contains("services");
        }
    }

    private void assertReadiness(int status, String word) {
        TestHttp.Reply reply = http().get("/health/ready");
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.json().path("status").asText()).isEqualTo(word);
    }

    private TestHttp http() {
        return new TestHttp("http://127.0.0.1:" + server.port());
    }

    private static void finish(Future<Void> future) throws Exception {
        future.toCompletionStage().toCompletableFuture().get(15, TimeUnit.SECONDS);
    }
}
