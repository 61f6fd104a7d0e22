package dev.pointsman.balancer.tcp;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.balancer.live.ReloadOutcome;
import dev.pointsman.balancer.live.ReloadOutcome.ReloadKind;
import dev.pointsman.balancer.testkit.ReloadableBalancer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Ports of TCP that come and go with the configuration file of a balancer that runs. */
@Timeout(60)
class TcpReloadTest {
    @TempDir
    private Path folder = Path.of(".");

    @RegisterExtension
    private final ReloadableBalancer balancer = new ReloadableBalancer(() -> folder, "/", "");

    private final List<AutoCloseable> closeables = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : closeables) {
            each.close();
        }
    }

    @Test
    void a_port_that_is_added_is_served_and_one_that_is_removed_is_refused() throws Exception {
        balancer.write("/", entries(entry(0, echoing("a: "))));
        assertThat(balancer.reload().kind()).isEqualTo(ReloadKind.APPLIED);
        int port = balancer.ports().get(1);
        Socket client = connect(port);
        assertThat(asked(client, "x")).isEqualTo("a: x");

        balancer.write("/", "");
        assertThat(balancer.reload().kind()).isEqualTo(ReloadKind.APPLIED);

        await().atMost(Duration.ofSeconds(10)).until(() -> isRefused(port));
        // It had the drain time.
        assertThat(client.getInputStream().read()).isEqualTo(-1);
        assertThat(balancer.admin().get("/metrics").body()).contains("kind=\"port-removed\",route=\":0\"} 1");
        assertThat(balancer.client().get("/").status()).isEqualTo(200);
    }

    @Test
    void where_a_port_leads_may_change_and_connections_that_are_open_stay_where_they_are() throws Exception {
        balancer.write("/", entries(entry(0, echoing("a: "))));
        ReloadOutcome unused = balancer.reload();
        int port = balancer.ports().get(1);
        Socket before = connect(port);
        assertThat(asked(before, "x")).isEqualTo("a: x");

        balancer.write("/", entries(entry(0, echoing("b: "))));
        assertThat(balancer.reload().kind()).isEqualTo(ReloadKind.APPLIED);

        assertThat(balancer.ports().get(1)).isEqualTo(port);
        assertThat(asked(connect(port), "y")).isEqualTo("b: y");
        assertThat(asked(before, "z")).isEqualTo("z");
    }

    @Test
    void a_port_that_cannot_be_opened_is_one_sentence_and_all_stays_as_it_was() throws Exception {
        balancer.write("/", entries(entry(0, echoing("a: "))));
        ReloadOutcome unused = balancer.reload();
        int port = balancer.ports().get(1);
        ServerSocket taken = listening();

        balancer.write("/other", entries(entry(taken.getLocalPort(), echoing("b: "))));
        ReloadOutcome outcome = balancer.reload();

        assertThat(outcome.kind()).isEqualTo(ReloadKind.REFUSED);
        assertThat(requireNonNull(outcome.state().refused()).problems())
                .containsExactly("it could not be put in force: the port for TCP, 127.0.0.1:" + taken.getLocalPort()
                        + ", is in use by another program; stop it or choose another with --tcp");
        assertThat(asked(connect(port), "x")).isEqualTo("a: x");
        assertThat(balancer.client().get("/").status()).isEqualTo(200);
    }

    @Test
    void a_port_that_could_not_be_opened_is_once_it_is_free() throws Exception {
        ServerSocket taken = listening();
        balancer.write("/", entries(entry(taken.getLocalPort(), echoing("a: "))));
        assertThat(balancer.reload().kind()).isEqualTo(ReloadKind.REFUSED);

        taken.close();

        assertThat(balancer.reload().kind()).isEqualTo(ReloadKind.APPLIED);
        assertThat(asked(connect(taken.getLocalPort()), "x")).isEqualTo("a: x");
    }

    @Test
    void the_same_port_at_another_host_is_told_apart_from_one_that_another_program_has() throws Exception {
        int port;
        try (ServerSocket free = listening()) {
            port = free.getLocalPort();
        }
        balancer.write("/", entries(entry(port, echoing("a: "))));
        assertThat(balancer.reload().kind()).isEqualTo(ReloadKind.APPLIED);

        balancer.write("/", entries(entry(port, echoing("a: "))).replace("127.0.0.1:" + port, ":" + port));

        assertThat(requireNonNull(balancer.reload().state().refused()).problems())
                .singleElement()
                .asString()
                .contains("cannot be listened on beside 127.0.0.1:" + port + ", which this balancer has");
    }

    private static String entries(String... entries) {
        return "tcp:\n" + String.join("", entries);
    }

    private static String entry(int port, int instance) {
        return "  - {listen: \"127.0.0.1:" + port + "\", to: \"tcp://127.0.0.1:" + instance + "\"}\n";
    }

    private ServerSocket listening() throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        closeables.add(server);
        return server;
    }

    /** An instance that says its name on each connection, and then what it gets. */
    private int echoing(String name) throws IOException {
        ServerSocket server = listening();
        daemon(() -> {
            while (true) {
                Socket socket = server.accept();
                daemon(() -> {
                    try (socket) {
                        socket.getOutputStream().write(name.getBytes(StandardCharsets.US_ASCII));
                        return socket.getInputStream().transferTo(socket.getOutputStream());
                    }
                });
            }
        });
        return server.getLocalPort();
    }

    private static void daemon(Callable<?> work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        Object unused = work.call();
                    } catch (Exception closed) {
                        // The test sees it at the other end.
                    }
                },
                "instance");
        thread.setDaemon(true);
        thread.start();
    }

    private Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        closeables.add(socket);
        return socket;
    }

    /** What comes back for a byte: with the name before, if it is the first one. */
    private static String asked(Socket client, String sent) throws IOException {
        client.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
        StringBuilder got = new StringBuilder();
        while (!got.toString().endsWith(sent)) {
            int next = client.getInputStream().read();
            assertThat(next).isNotEqualTo(-1);
            got.append((char) next);
        }
        return got.toString();
    }

    private static boolean isRefused(int port) throws IOException {
        try {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            return false;
        } catch (ConnectException refused) {
            return true;
        }
    }
}
