package dev.pointsman.client;

import static dev.pointsman.client.ClientUnderTest.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.pointsman.agent.AgentOptions;
import dev.pointsman.agent.PortRange;
import dev.pointsman.agent.ServiceAgent;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.registry.embedded.EmbeddedRegistry;
import dev.pointsman.testkit.FreePorts;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients with a registry that runs, does not run yet, or ends. */
@Timeout(60)
@SuppressWarnings("try") // Services are there to be called, not to be referred to.
class ServiceClientTest {
    private static final HttpRequest HELLO =
            ServiceRequest.newBuilder(URI.create("service://api-service/hello")).build();

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void end() throws Exception {
        got(vertx.close());
    }

    private EmbeddedRegistry registry(int port) throws Exception {
        return got(EmbeddedRegistry.start(
                vertx, EmbeddedRegistry.Options.defaults().withPort(port)));
    }

    private ServiceAgent service(int registryPort) {
        AgentOptions options = AgentOptions.of("api-service", null, Map.of())
                .withConsul(ConsulAddress.of("127.0.0.1", registryPort))
                .withPorts(PortRange.of(0))
                .withLinger(Duration.ZERO);
        return ServiceAgent.start(options, vertx, request -> request.response().end("hello"));
    }

    private static ClientOptions options(int registryPort) {
        return ClientOptions.from(Map.of()).withConsul(ConsulAddress.of("127.0.0.1", registryPort));
    }

    private static String hello(ServiceClient client) throws Exception {
        HttpResponse<String> response = client.javaClient().send(HELLO, BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    @Test
    void a_client_finds_what_is_registered_and_follows_what_changes() throws Exception {
        EmbeddedRegistry registry = registry(0);
        try (ServiceAgent first = service(registry.port());
                ServiceClient client = ServiceClient.create(options(registry.port()))) {
            assertThat(hello(client)).isEqualTo("hello");
            try (ServiceAgent second = service(registry.port())) {
                await().until(() -> client.instances(ServiceAddress.of("api-service"))
                                .ready()
                                .size()
                        == 2);
                first.close();
                await().until(() -> client.instances(ServiceAddress.of("api-service"))
                                .ready()
                                .size()
                        == 1);
                assertThat(hello(client)).isEqualTo("hello");
            }
        }
    }

    @Test
    void a_client_starts_before_its_registry() throws Exception {
        int port = FreePorts.take();
        try (ServiceClient client = ServiceClient.create(
                options(port).withTimeouts(CallTimeouts.DEFAULT.withRegistry(Duration.ofSeconds(20))))) {
            CompletableFuture<HttpResponse<String>> early =
                    client.javaClient().sendAsync(HELLO, BodyHandlers.ofString());
            registry(port);
            try (ServiceAgent service = service(port)) {
                assertThat(service.id()).isNotEmpty();
                await().until(() -> hasResponded(client));
                early.handle((response, noInstanceYet) -> true).get(20, TimeUnit.SECONDS);
            }
        }
    }

    private static boolean hasResponded(ServiceClient client) throws Exception {
        try {
            return hello(client).equals("hello");
        } catch (NoInstanceException notYet) {
            return false;
        }
    }

    @Test
    void a_call_says_why_nothing_is_known_of_its_service() throws Exception {
        int port = FreePorts.take();
        try (ServiceClient client = ServiceClient.create(
                options(port).withTimeouts(CallTimeouts.DEFAULT.withRegistry(Duration.ofMillis(300))))) {
            assertThatExceptionOfType(NoInstanceException.class)
                    .isThrownBy(() -> hello(client))
                    .withMessageStartingWith(
                            "api-service: where its instances are is not known, as Consul at http://127.0.0.1:" + port)
                    .withMessageContaining("Connection refused");
        }
    }

    @Test
    void a_view_file_lets_a_client_start_while_its_registry_is_down(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("view");
        EmbeddedRegistry registry = registry(0);
        int port = registry.port();
        try (ServiceAgent service = service(port)) {
            try (ServiceClient before = ServiceClient.create(options(port).withViewFile(file))) {
                assertThat(hello(before)).isEqualTo("hello");
            }
            assertThat(file).exists();
            got(registry.close());
            try (ServiceClient after = ServiceClient.create(options(port).withViewFile(file))) {
                assertThat(hello(after)).isEqualTo("hello");
                assertThat(service.id()).isNotEmpty();
            }
        }
    }

    @Test
    void clients_of_one_registry_share_one_watch() throws Exception {
        EmbeddedRegistry registry = registry(0);
        try (ServiceAgent service = service(registry.port())) {
            long connectionsAlone;
            try (ServiceClient client = ServiceClient.create(vertx, options(registry.port()))) {
                hello(client);
                connectionsAlone = connectionsTo(registry.port());
                try (ServiceClient second = ServiceClient.create(vertx, options(registry.port()));
                        ServiceClient third = ServiceClient.create(vertx, options(registry.port()))) {
                    hello(second);
                    hello(third);
                    assertThat(connectionsTo(registry.port())).isEqualTo(connectionsAlone);
                }
                assertThat(hello(client)).isEqualTo("hello");
                assertThat(service.id()).isNotEmpty();
            }
            assertThat(connectionsAlone).isPositive();
        }
    }

    @Test
    void a_closed_client_leaves_no_thread_and_no_connection() throws Exception {
        EmbeddedRegistry registry = registry(0);
        try (ServiceAgent service = service(registry.port())) {
            long registered = connectionsTo(registry.port());
            Set<Thread> before = Thread.getAllStackTraces().keySet();
            ServiceClient client = ServiceClient.create(options(registry.port()));
            hello(client);
            client.close();
            await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> !before.contains(thread))
                    .extracting(Thread::getName)
                    // The service's own, and this test's.
                    .filteredOn(name -> !name.equals("consul-registrar") && !name.startsWith("awaitility"))
                    .isEmpty());
            await().until(() -> connectionsTo(registry.port()) <= registered && connectionsTo(service.port()) == 0);
            client.close();
        }
    }

    /** The established TCP connections of this machine to a port of it. */
    private static long connectionsTo(int port) {
        String remote = String.format(":%04X", port);
        String established = "01";
        return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
                .flatMap(ServiceClientTest::lines)
                .map(line -> line.strip().split("\\s+", -1))
                .filter(columns -> columns[2].endsWith(remote) && columns[3].equals(established))
                .count();
    }

    private static Stream<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file)).stream().skip(1);
        } catch (IOException notThere) {
            return Stream.empty();
        }
    }
}
