package dev.pointsman.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.tls.CertificateFiles;
import dev.pointsman.balancer.tls.ServerCertificate;
import dev.pointsman.balancer.tls.UpstreamTls;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.testkit.NeedsPrograms;
import dev.pointsman.testkit.TestAuthority;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Instances as they respond, and for how long they keep a connection. */
class InstanceAnswersCheckupTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n";

    private InstanceTransports transports = new InstanceTransports(null);
    private final List<AutoCloseable> open = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // set before each test
    private ScriptedHttp consul;

    @BeforeEach
    void a_registry() throws Exception {
        consul = new ScriptedHttp()
                .on("/v1/status/leader", "\"10.0.0.1:8300\"")
                .on("/v1/catalog/services", "{\"api\":[]}");
    }

    @AfterEach
    void close() throws Exception {
        consul.close();
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    /**
     * A server that responds the same to every request.
     *
     * @param idleMillis after which it closes an idle connection
     */
    private int server(String response, int idleMillis) throws IOException {
        return serve(new ServerSocket(0, 10, InetAddress.getLoopbackAddress()), response, idleMillis);
    }

    private int serve(ServerSocket server, String response, int idleMillis) {
        open.add(server);
        Thread accepting = new Thread(() -> accept(server, response, idleMillis), "small-server");
        accepting.setDaemon(true);
        accepting.start();
        return server.getLocalPort();
    }

    private static void accept(ServerSocket server, String response, int idleMillis) {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread serving = new Thread(() -> serve(socket, response, idleMillis), "small-connection");
                serving.setDaemon(true);
                serving.start();
            }
        } catch (IOException closed) {
            return;
        }
    }

    private static void serve(Socket socket, String response, int idleMillis) {
        try (socket) {
            socket.setSoTimeout(idleMillis);
            InputStream in = socket.getInputStream();
            byte[] request = new byte[4096];
            while (in.read(request) > 0) {
                socket.getOutputStream().write((response + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            }
        } catch (IOException idleOrGone) {
            return;
        }
    }

    private List<String> look(int port, String status, String output) throws InterruptedException {
        JsonObject check = new JsonObject()
                .put("CheckID", "service:a")
                .put("Status", status)
                .put("Output", output)
                .put("ServiceID", "a");
        JsonObject instance = new JsonObject()
                .put("Node", new JsonObject().put("Node", "n1").put("Address", "127.0.0.1"))
                .put(
                        "Service",
                        new JsonObject().put("ID", "a").put("Service", "api").put("Port", port))
                .put("Checks", new JsonArray().add(check));
        consul.on("/v1/health/service/api", new JsonArray().add(instance).encode());
        RegisteredServices services =
                new RegisteredServices(new ConsulQuestions(ConsulAddress.from(consul.url(), Map.of())), List.of());
        return Lines.of(new InstanceAnswersCheckup(services, Set.of("api"), transports, Duration.ofMillis(700)));
    }

    private static InstanceTransports transports(Path folder, String serverName) throws IOException {
        Path file = Files.writeString(folder.resolve("p.yaml"), """
                upstream-ca: %s
                route:
                  /: {to: api, proto: https, server-name: %s}
                """.formatted(folder.resolve("ca.crt"), serverName));
        return new InstanceTransports(DoctorConfig.read(file, null, Map.of()).config());
    }

    @Test
    @NeedsPrograms(value = "openssl", debianPackage = "openssl")
    void an_instance_whose_route_says_so_is_asked_over_tls_with_the_balancer_s_trust(@TempDir Path folder)
            throws Exception {
        TestAuthority.in(folder, "ca").issue("api", "/CN=api", "api.internal");
        ServerCertificate shown =
                ServerCertificate.read(new CertificateFiles(folder.resolve("api.crt"), folder.resolve("api.key")));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {UpstreamTls.OF_JDK.keys(shown)}, null, null);
        int port = serve(
                context.getServerSocketFactory().createServerSocket(0, 10, InetAddress.getLoopbackAddress()),
                OK,
                60_000);

        transports = transports(folder, "api.internal");
        assertThat(look(port))
                .containsExactly("ok instance-answer: 1 of 1 respond", "ok keep-alive: 1 of 1 keep idle connections");

        transports = transports(folder, "other.internal");
        assertThat(look(port))
                .singleElement()
                .asString()
                .startsWith("error instance-answer: no TLS with it, which its routes ask for (https, server-name"
                        + " other.internal): its certificate is for api.internal, not for other.internal");
        assertThat(look(server(OK, 60_000)))
                .singleElement()
                .asString()
                .startsWith("error instance-answer: no TLS with it, which its routes ask for");
    }

    private List<String> look(int port) throws InterruptedException {
        return look(port, "passing", "HTTP GET http://127.0.0.1:" + port + "/health: 200 OK Output: ");
    }

    @Test
    void an_instance_that_responds_and_keeps_connections_is_all_right() throws Exception {
        assertThat(look(server(OK, 60_000)))
                .containsExactly("ok instance-answer: 1 of 1 respond", "ok keep-alive: 1 of 1 keep idle connections");
    }

    @Test
    void one_that_closes_idle_connections_early_and_does_not_say_so_is_a_warning() throws Exception {
        assertThat(look(server(OK, 150)))
                .anyMatch(line -> line.matches(
                        "warning keep-alive: closes idle connections after \\d{2,3} ms without saying so"));
    }

    @Test
    void one_that_says_how_long_it_keeps_them_is_taken_at_its_word() throws Exception {
        assertThat(look(server(OK + "Keep-Alive: timeout=5\r\n", 150)))
                .anyMatch(line -> line.endsWith("though it says 5 s"));
        assertThat(look(server(OK + "Keep-Alive: timeout=5\r\n", 60_000)))
                .contains("ok keep-alive: 1 of 1 keep idle connections");
        assertThat(look(server(OK + "Keep-Alive: timeout=1\r\n", 60_000)))
                .contains("note keep-alive: says that it keeps idle connections for 1 s only");
    }

    @Test
    void one_that_ends_each_connection_is_a_note() throws Exception {
        assertThat(look(server(OK + "Connection: close\r\n", 50)))
                .contains("note keep-alive: ends its connection with each response");
    }

    @Test
    void one_that_nobody_listens_for_is_an_error_while_its_check_passes() throws Exception {
        int port = server(OK, 1);
        open.get(0).close();

        assertThat(look(port))
                .hasSize(1)
                .allMatch(line -> line.startsWith("error instance-answer: cannot be reached from here: no connection"));
        assertThat(look(port, "critical", ""))
                .hasSize(1)
                .allMatch(line -> line.startsWith("note instance-answer: cannot be reached from here: "));
    }

    @Test
    void one_that_speaks_something_else_is_a_warning() throws Exception {
        assertThat(look(server("SSH-2.0-OpenSSH_9.2", 60_000), "passing", "TCP connect 127.0.0.1:22: Success"))
                .contains("warning instance-answer: does not respond in HTTP/1: SSH-2.0-OpenSSH_9.2");
    }

    @Test
    void one_whose_check_passes_elsewhere_and_fails_here_is_a_warning() throws Exception {
        assertThat(look(server("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n", 60_000)))
                .contains(
                        "warning instance-answer: responds to its check's /health with 404 here, while its check passes");
    }
}
