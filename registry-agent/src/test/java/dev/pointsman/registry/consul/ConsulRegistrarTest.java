package dev.pointsman.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pointsman.registry.HttpCheck;
import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.RegistryException.Kind;
import dev.pointsman.registry.ServiceRegistration;
import dev.pointsman.registry.TcpCheck;
import dev.pointsman.testkit.FreePorts;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the registrar sends and how it understands the responses, against a server that follows a script. */
class ConsulRegistrarTest {
    private static final ServiceRegistration GREETER = new ServiceRegistration(
            "greeter-10.0.0.1-8000",
            "greeter",
            "10.0.0.1",
            8000,
            List.of("greeter", "v2"),
            Map.of("pid", "7"),
            new HttpCheck(
                    "http://10.0.0.1:8000/health",
                    Duration.ofSeconds(2),
                    Duration.ofMillis(1500),
                    Duration.ofMinutes(1)));

    private final Vertx vertx = Vertx.vertx();
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Queue<JsonObject> bodies = new ConcurrentLinkedQueue<>();
    private volatile Consumer<HttpServerRequest> script =
            request -> request.response().end();
    private ConsulAddress address = ConsulAddress.of("127.0.0.1", 1);

    @BeforeEach
    void start() throws Exception {
        HttpServer server = vertx.createHttpServer().requestHandler(request -> {
            lines.add(request.method() + " " + request.uri() + " " + request.getHeader("X-Consul-Token") + " "
                    + request.getHeader("X-Consul-Namespace") + " " + request.getHeader("X-Consul-Partition"));
            request.body().onSuccess(body -> {
                if (body.length() > 0) {
                    bodies.add(new JsonObject(body));
                }
                script.accept(request);
            });
        });
        int port = get(server.listen(0, "127.0.0.1")).actualPort();
        address = ConsulAddress.of("127.0.0.1", port);
    }

    @AfterEach
    void stop() throws Exception {
        get(vertx.close());
    }

    @Test
    void a_registration_carries_everything_and_leaves_running_checks_alone() throws RegistryException {
        try (ConsulRegistrar registrar = new ConsulRegistrar(address)) {
            registrar.register(GREETER);
        }
        assertThat(lines).containsExactly("PUT /v1/agent/service/register null null null");
        JsonObject body = bodies.remove();
        assertThat(body.getString("Id")).isEqualTo("greeter-10.0.0.1-8000");
        assertThat(body.getString("Name")).isEqualTo("greeter");
        assertThat(body.getString("Address")).isEqualTo("10.0.0.1");
        assertThat(body.getInteger("Port")).isEqualTo(8000);
        assertThat(body.getJsonArray("Tags")).isEqualTo(JsonArray.of("greeter", "v2"));
        assertThat(body.getJsonObject("Meta").getMap()).isEqualTo(Map.of("pid", "7"));
        JsonObject check = body.getJsonObject("Check");
        assertThat(check.getString("HTTP")).isEqualTo("http://10.0.0.1:8000/health");
        assertThat(check.getString("Interval")).isEqualTo("2s");
        assertThat(check.getString("Timeout")).isEqualTo("1500ms");
        assertThat(check.getString("DeregisterCriticalServiceAfter")).isEqualTo("60s");
        assertThat(check.getString("Status")).isEqualTo("passing");
    }

    @Test
    void a_check_by_tcp_says_where_to_connect() throws RegistryException {
        Duration second = Duration.ofSeconds(1);
        try (ConsulRegistrar registrar = new ConsulRegistrar(address)) {
            registrar.register(new ServiceRegistration(
                    "greeter-1",
                    "greeter",
                    "::1",
                    8000,
                    List.of(),
                    Map.of(),
                    new TcpCheck("[::1]:8000", second, second, second)));
        }
        JsonObject check = bodies.remove().getJsonObject("Check");
        assertThat(check.getString("TCP")).isEqualTo("[::1]:8000");
        assertThat(check.getString("HTTP")).isNull();
    }

    @Test
    void maintenance_is_switched_on_with_its_reason_and_off_again() throws RegistryException {
        try (ConsulRegistrar registrar = new ConsulRegistrar(address)) {
            registrar.maintenance("greeter-1", true, "leaving");
            registrar.maintenance("greeter-1", false, "");
        }
        assertThat(lines)
                .first(InstanceOfAssertFactories.STRING)
                .startsWith("PUT /v1/agent/service/maintenance/greeter-1?")
                .contains("enable=true")
                .contains("reason=leaving");
        assertThat(lines)
                .last(InstanceOfAssertFactories.STRING)
                .startsWith("PUT /v1/agent/service/maintenance/greeter-1?")
                .contains("enable=false");
    }

    @Test
    void token_namespace_and_partition_go_into_headers_and_a_datacenter_nowhere_for_the_agent_has_its_own()
            throws RegistryException {
        ConsulAddress inside = new ConsulAddress(
                address.host(), address.port(), false, "hush", null, null, null, true, "team", "east", "dc2");
        try (ConsulRegistrar registrar = new ConsulRegistrar(inside)) {
            registrar.deregister("x");
        }
        assertThat(lines).containsExactly("PUT /v1/agent/service/deregister/x hush team east");
    }

    @ParameterizedTest
    @CsvSource({"500, UNAVAILABLE", "503, UNAVAILABLE", "429, UNAVAILABLE", "403, REJECTED", "400, REJECTED"})
    void an_error_keeps_its_status_and_consuls_words_and_says_whether_trying_again_helps(int status, Kind kind) {
        script = request -> request.response().setStatusCode(status).end("Permission\n denied\n");
        try (ConsulRegistrar registrar = new ConsulRegistrar(address)) {
            for (ThrowingCallable call : calls(registrar)) {
                RegistryException failure = failure(call);
                assertThat(failure.kind()).isEqualTo(kind);
                assertThat(failure)
                        .hasMessageContaining(address.url())
                        .hasMessageContaining("greeter-10.0.0.1-8000")
                        .hasMessageEndingWith("responded " + status + ": Permission denied");
            }
        }
    }

    @Test
    void nothing_there_to_deregister_is_as_good_as_deregistered() throws RegistryException {
        script = request -> request.response().setStatusCode(404).end("Unknown service ID \"x\".");
        try (ConsulRegistrar registrar = new ConsulRegistrar(address)) {
            registrar.deregister("x");
        }
        assertThat(lines).hasSize(1);
    }

    @Test
    void a_404_means_not_registered_and_a_service_means_registered() throws RegistryException {
        try (ConsulRegistrar registrar = new ConsulRegistrar(address)) {
            script = request -> request.response().setStatusCode(404).end("unknown service ID: x");
            assertThat(registrar.isRegistered("x")).isFalse();
            script = request -> request.response()
                    .end("{\"ID\":\"x\",\"Service\":\"x\",\"Tags\":[],\"Meta\":null,\"Port\":1,\"Address\":\"\","
                            + "\"ContentHash\":\"0\"}");
            assertThat(registrar.isRegistered("x")).isTrue();
        }
    }

    @Test
    void a_response_that_is_not_consuls_is_malformed() {
        script = request -> request.response().end("<html>welcome</html>");
        try (ConsulRegistrar registrar = new ConsulRegistrar(address)) {
            assertThat(failure(() -> registrar.isRegistered("x")).kind()).isEqualTo(Kind.MALFORMED);
        }
    }

    @Test
    void a_consul_that_is_not_there_is_unreachable() throws IOException {
        int unused = FreePorts.take();
        ConsulAddress gone = ConsulAddress.of("127.0.0.1", unused);
        try (ConsulRegistrar registrar = new ConsulRegistrar(gone)) {
            for (ThrowingCallable call : calls(registrar)) {
                RegistryException failure = failure(call);
                assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
                assertThat(failure).hasMessageContaining(gone.url()).hasMessageContaining("refused");
            }
        }
    }

    @Test
    void a_consul_that_does_not_respond_is_unreachable_after_a_few_seconds() {
        script = request -> {};
        try (ConsulRegistrar registrar = new ConsulRegistrar(address)) {
            RegistryException failure = failure(() -> registrar.register(GREETER));
            assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(failure).hasMessageContaining("no response in time");
        }
    }

    @Test
    void closing_gives_up_a_call_in_flight() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        script = request -> asked.countDown();
        ConsulRegistrar registrar = new ConsulRegistrar(address);
        CompletableFuture<RegistryException> failure =
                CompletableFuture.supplyAsync(() -> failure(() -> registrar.register(GREETER)));
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        long before = System.nanoTime();

        registrar.close();

        assertThat(failure.get(10, TimeUnit.SECONDS).kind()).isEqualTo(Kind.UNREACHABLE);
        // Without the cancelling it would last until the silence of 3 s is over.
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(2500));
        assertThat(failure(() -> registrar.deregister("x"))).hasMessageContaining("closed");
    }

    @Test
    void a_certificate_file_without_a_certificate_is_refused_at_once(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("ca.pem"), "nothing");
        ConsulAddress tls = new ConsulAddress("h", 1, true, null, file, null, null, true, null, null, null);
        assertThat(catchThrowableOfType(BadAddressException.class, () -> new ConsulRegistrar(tls).close()))
                .hasMessageContaining("TLS for Consul at https://h:1");
    }

    private static List<ThrowingCallable> calls(ConsulRegistrar registrar) {
        return List.of(
                () -> registrar.register(GREETER),
                () -> registrar.deregister(GREETER.id()),
                () -> registrar.isRegistered(GREETER.id()));
    }

    private static RegistryException failure(ThrowingCallable call) {
        RegistryException failure = catchThrowableOfType(RegistryException.class, call);
        assertThat(failure).isNotNull();
        return failure;
    }

    private static <T> T get(io.vertx.core.Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
