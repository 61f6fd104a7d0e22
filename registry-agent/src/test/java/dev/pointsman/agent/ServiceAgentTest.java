package dev.pointsman.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.testkit.FreePorts;
import dev.pointsman.testkit.TestHttp;
import dev.pointsman.testkit.TestHttp.Reply;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Serving and stopping, without a registry: connections to its address are refused. */
@Timeout(60)
class ServiceAgentTest {
    private AgentOptions options = AgentOptions.of("greeter", null, Map.of());
    private final AtomicReference<ServiceAgent> started = new AtomicReference<>();

    @BeforeEach
    void there_is_no_registry() {
        options = options.withConsul(ConsulAddress.of("127.0.0.1", FreePorts.take()))
                .withLinger(Duration.ofMillis(20));
    }

    @AfterEach
    void stop() {
        ServiceAgent agent = started.get();
        if (agent != null) {
            agent.close();
        }
    }

    @Test
    void it_serves_although_the_registry_is_away() {
        ServiceAgent agent = start(options, request -> request.response().end("hello"));
        assertThat(agent.isRegistered()).isFalse();
        assertThat(http(agent).get("/any/path").body()).isEqualTo("hello");
        assertThat(http(agent).get("/health").status()).isEqualTo(200);
        assertThat(agent.id()).isEqualTo("greeter-127.0.0.1-" + agent.port());
    }

    @Test
    void one_that_its_launcher_registers_serves_and_leaves_the_registry_alone() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        Vertx vertx = Vertx.vertx();
        try {
            HttpServer registry = vertx.createHttpServer()
                    .requestHandler(request -> {
                        asked.add(request.uri());
                        request.response().end("{}");
                    })
                    .listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            ServiceAgent agent = start(
                    options.withConsul(ConsulAddress.of("127.0.0.1", registry.actualPort()))
                            .withoutRegistration(),
                    request -> request.response().end("hello"));
            assertThat(http(agent).get("/").body()).isEqualTo("hello");
            assertThat(agent.isRegistered()).isFalse();
            agent.close();
            assertThat(asked).isEmpty();
        } finally {
            vertx.close();
        }
    }

    @Test
    void the_first_free_port_of_a_range_is_taken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int first = taken.getLocalPort();
            ServiceAgent agent = start(
                    options.withPorts(new PortRange(first, Math.min(65_535, first + 50))),
                    request -> request.response().end());
            assertThat(agent.port()).isGreaterThan(first);
        }
    }

    @Test
    void a_port_that_is_in_use_is_told_in_one_sentence() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatExceptionOfType(AgentException.class)
                    .isThrownBy(() -> start(options.withPort(taken.getLocalPort()), request -> {}))
                    .withMessage("Port " + taken.getLocalPort() + " of 127.0.0.1 is in use;"
                            + " stop what uses it, or choose another.");
        }
    }

    @Test
    void an_address_of_another_machine_cannot_be_listened_on() {
        // TEST-NET-1 (RFC 5737): reserved for documentation.
        assertThatExceptionOfType(AgentException.class)
                .isThrownBy(() -> start(options.withHost("192.0.2.1"), request -> {}))
                .withMessageStartingWith("Cannot listen on 192.0.2.1");
    }

    @Test
    void a_handler_that_throws_costs_one_500_and_nothing_else() {
        ServiceAgent agent = start(options, request -> {
            if ("/bad".equals(request.path())) {
                throw new IllegalStateException("by order");
            }
            request.response().end("hello");
        });
        assertThat(http(agent).get("/bad").status()).isEqualTo(500);
        assertThat(http(agent).get("/good").body()).isEqualTo("hello");
    }

    @Test
    void a_request_in_flight_is_finished_and_its_connection_given_up() throws Exception {
        Held held = new Held();
        ServiceAgent agent = start(options, held);
        CompletableFuture<Reply> reply = http(agent).getLater("/");
        held.arrived();

        CompletableFuture<Void> closing = CompletableFuture.runAsync(agent::close);
        await().until(() -> refused(agent.port()));
        assertThat(closing).isNotDone();
        held.respond("late but whole");

        assertThat(reply.get(10, TimeUnit.SECONDS).body()).isEqualTo("late but whole");
        assertThat(reply.get().header("Connection")).isEqualTo("close");
        closing.get(10, TimeUnit.SECONDS);
    }

    @Test
    void while_it_lingers_it_still_serves_and_fails_its_check() throws Exception {
        ServiceAgent agent = start(options.withLinger(Duration.ofSeconds(2)), request -> request.response()
                .end("hello"));
        CompletableFuture<Void> closing = CompletableFuture.runAsync(agent::close);
        await().until(() -> http(agent).get("/health").status() == 503);
        await().untilAsserted(() -> {
            Reply reply = http(agent).get("/");
            assertThat(reply.body()).isEqualTo("hello");
            assertThat(reply.header("Connection")).isEqualTo("close");
        });
        closing.get(10, TimeUnit.SECONDS);
        assertThat(refused(agent.port())).isTrue();
    }

    @Test
    void a_request_that_does_not_end_is_cut_off_when_the_drain_is_over() throws Exception {
        Held held = new Held();
        ServiceAgent agent = start(options.withDrain(Duration.ofMillis(100)), held);
        CompletableFuture<Reply> reply = http(agent).getLater("/");
        held.arrived();
        agent.close();
        assertThat(reply).failsWithin(10, TimeUnit.SECONDS);
    }

    @Test
    void an_idle_connection_does_not_hold_up_the_end() {
        ServiceAgent agent = start(options.withDrain(Duration.ofSeconds(50)), request -> request.response()
                .end("hello"));
        http(agent).get("/");
        // The test's time limit is the assertion: waiting for the client would take 50 s.
        CompletableFuture<Void> closing = CompletableFuture.runAsync(agent::close);
        assertThat(closing).succeedsWithin(20, TimeUnit.SECONDS);
    }

    @Test
    void one_that_is_aborted_cuts_off_what_is_in_flight_closes_its_port_and_is_not_deregistered() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        Vertx vertx = Vertx.vertx();
        try {
            HttpServer consul = Await.result(
                    vertx.createHttpServer()
                            .requestHandler(request -> {
                                asked.add(request.path());
                                request.response().end("{}");
                            })
                            .listen(0, "127.0.0.1"),
                    Duration.ofSeconds(10));
            Held held = new Held();
            ServiceAgent agent = start(
                    options.withConsul(ConsulAddress.of("127.0.0.1", consul.actualPort()))
                            // Neither is waited for.
                            .withLinger(Duration.ofSeconds(40))
                            .withDrain(Duration.ofSeconds(40)),
                    held);
            CompletableFuture<Reply> reply = http(agent).getLater("/");
            held.arrived();

            assertThat(CompletableFuture.runAsync(agent::abort)).succeedsWithin(20, TimeUnit.SECONDS);

            assertThat(reply).failsWithin(10, TimeUnit.SECONDS);
            assertThat(refused(agent.port())).isTrue();
            agent.close();
            assertThat(asked)
                    .anyMatch(path -> path.contains("/register"))
                    .noneMatch(path -> path.contains("/deregister"));
        } finally {
            Await.result(vertx.close(), Duration.ofSeconds(10));
        }
    }

    @Test
    void a_registry_that_hangs_does_not_hold_up_the_end() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            HttpServer consul = Await.result(
                    vertx.createHttpServer()
                            .requestHandler(request -> {
                                if (request.path().contains("/register")) {
                                    request.response().end();
                                }
                            })
                            .listen(0, "127.0.0.1"),
                    Duration.ofSeconds(10));
            ServiceAgent agent = start(
                    options.withConsul(ConsulAddress.of("127.0.0.1", consul.actualPort())),
                    request -> request.response().end());
            assertThat(agent.isRegistered()).isTrue();
            long before = System.nanoTime();
            agent.close();
            // 3 s, and room for a slow machine; the two tries of the deregistration alone would take 6 s.
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(5500));
        } finally {
            Await.result(vertx.close(), Duration.ofSeconds(10));
        }
    }

    @Test
    void closing_again_and_at_the_same_time_is_fine() {
        ServiceAgent agent = start(options, request -> request.response().end());
        CompletableFuture<Void> other = CompletableFuture.runAsync(agent::close);
        agent.close();
        agent.close();
        assertThat(other).succeedsWithin(10, TimeUnit.SECONDS);
    }

    @Test
    void a_request_may_stop_the_service_that_responds_to_it() {
        ServiceAgent agent = start(options, request -> {
            Objects.requireNonNull(started.get()).close();
            request.response().end("bye");
        });
        assertThat(http(agent).get("/quit").body()).isEqualTo("bye");
        await().until(() -> refused(agent.port()));
    }

    @Test
    void a_vertx_that_was_handed_in_survives_and_must_not_be_blocked() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            ServiceAgent agent = ServiceAgent.start(
                    options, vertx, request -> request.response().end());
            agent.close();
            CompletableFuture<Throwable> failure = new CompletableFuture<>();
            vertx.runOnContext(now -> {
                try {
                    ServiceAgent.start(options, vertx, request -> {}).close();
                } catch (IllegalStateException e) {
                    failure.complete(e);
                }
            });
            assertThat(failure.get(10, TimeUnit.SECONDS)).hasMessageContaining("event loop");
        } finally {
            Await.result(vertx.close(), Duration.ofSeconds(10));
        }
    }

    private ServiceAgent start(AgentOptions with, Handler<HttpServerRequest> handler) {
        ServiceAgent agent = ServiceAgent.start(with, handler);
        started.set(agent);
        return agent;
    }

    private static TestHttp http(ServiceAgent agent) {
        return new TestHttp(agent.url());
    }

    private static boolean refused(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return !socket.isConnected();
        } catch (IOException e) {
            return true;
        }
    }

    /** Takes one request and responds when the test says so. */
    private static final class Held implements Handler<HttpServerRequest> {
        private final CountDownLatch arrived = new CountDownLatch(1);
        private final AtomicReference<HttpServerRequest> request = new AtomicReference<>();

        @Override
        public void handle(HttpServerRequest it) {
            request.set(it);
            arrived.countDown();
        }

        void arrived() throws InterruptedException {
            assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
        }

        void respond(String text) {
            Objects.requireNonNull(request.get()).response().end(text);
        }
    }
}
