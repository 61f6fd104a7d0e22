package dev.pointsman.system;

import static dev.pointsman.system.Cluster.API;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.system.Load.LoadKind;
import dev.pointsman.testkit.FreePorts;
import dev.pointsman.testkit.NeedsPrograms;
import dev.pointsman.testkit.TestAuthority;
import dev.pointsman.testkit.TestAuthority.Issued;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A balancer with several ports that takes the place of another one: docs/upgrades.md. */
class UpgradeOfPortsIT {
    /** Listens on ports, as systemd does for a service, and becomes the program: its arguments are the ports, {@code --} and the command. */
    private static final String LISTENING = """
            import os, socket, sys
            end = sys.argv.index('--')
            for at, port in enumerate(sys.argv[1:end]):
                listening = socket.socket()
                listening.bind(('127.0.0.1', int(port)))
                listening.listen()
                os.dup2(listening.fileno(), 20 + at)
            for at in range(end - 1):
                os.dup2(20 + at, 3 + at)
                os.close(20 + at)
            os.environ['LISTEN_FDS'] = str(end - 1)
            os.environ['LISTEN_PID'] = str(os.getpid())
            os.execvp(sys.argv[end + 1], sys.argv[end + 1:])
            """;

    @RegisterExtension
    final Cluster cluster = new Cluster();

    private Path folder;
    private Path file;
    private Issued certificate;
    private final List<Integer> ports = FreePorts.take(5);
    private final int http = ports.get(0);
    private final int tls = ports.get(1);
    private final int tcp = ports.get(2);
    private final int admin = ports.get(3);
    private final int otherTcp = ports.get(4);

    @BeforeEach
    void a_registry(@TempDir Path temporary) throws IOException {
        folder = temporary;
        file = folder.resolve("balancer.yaml");
        certificate = TestAuthority.in(folder, "ca").issue("server", "/CN=localhost", "localhost");
        cluster.startRegistry(0);
        write(tcp);
    }

    @Test
    void no_request_and_no_connection_fails_on_any_port_while_one_process_takes_over_from_the_other() throws Exception {
        ServiceProcess[] services = cluster.services(2, API).toArray(ServiceProcess[]::new);
        BalancerProcess running = balancer();
        List<Load> loads = List.of(
                cluster.loadOn(http, "/api/x", LoadKind.GETS),
                cluster.loadOn(http, "/api/x", LoadKind.GETS_ON_NEW_CONNECTIONS),
                cluster.loadOn(tls, "/api/x", LoadKind.GETS_ON_NEW_CONNECTIONS, trusting()),
                cluster.loadOn(tcp, "/x", LoadKind.GETS_ON_NEW_CONNECTIONS));
        loads.forEach(load -> load.awaitResponsesFromEach(services));

        for (int upgrade = 0; upgrade < 3; upgrade++) {
            BalancerProcess next = balancer("--takeover");
            assertThat(running.program().awaitExit()).isZero();
            loads.forEach(load -> load.awaitResponsesFromEach(services));
            running = next;
        }

        loads.forEach(Load::endsWithoutFailure);
    }

    @Test
    void a_tcp_connection_lives_on_in_the_process_that_it_came_to() throws Exception {
        cluster.service(API);
        BalancerProcess old = balancer("--drain", "1m");
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), tcp)) {
            assertThat(statusOf(client)).isEqualTo("HTTP/1.1 200");

            balancer("--takeover");

            assertThat(statusOf(client)).isEqualTo("HTTP/1.1 200");
            assertThat(old.program().isAlive()).isTrue();
        }
        assertThat(old.program().awaitExit()).isZero();
    }

    @Test
    void a_port_that_the_new_one_does_not_want_is_closed_and_another_one_opened() throws Exception {
        ServiceProcess service = cluster.service(API);
        BalancerProcess old = balancer();
        Load load = cluster.loadOn(http, "/api/x", LoadKind.GETS_ON_NEW_CONNECTIONS);
        load.awaitResponsesFromEach(service);
        write(otherTcp);

        balancer("--takeover");

        assertThat(old.program().awaitExit()).isZero();
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), otherTcp)) {
            assertThat(statusOf(client)).isEqualTo("HTTP/1.1 200");
        }
        assertThat(isRefused(tcp)).isTrue();
        load.endsWithoutFailure();
    }

    @Test
    @NeedsPrograms(value = "python3", debianPackage = "python3")
    void sockets_that_a_service_manager_listens_on_are_taken_by_their_ports() throws Exception {
        cluster.service(API);
        List<String> command = new ArrayList<>(List.of("python3", "-c", LISTENING));
        List.of(tcp, admin, http).forEach(port -> command.add(Integer.toString(port)));
        command.add("--");
        command.addAll(command());

        BalancerProcess.awaitReady(cluster.start("balancer", environment(), command));

        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), tcp)) {
            assertThat(statusOf(client)).isEqualTo("HTTP/1.1 200");
        }
        try (KeepAliveClient client = new KeepAliveClient(tls, trusting());
                KeepAliveClient plain = new KeepAliveClient(http)) {
            assertThat(client.get("/api/x").status()).isEqualTo(200);
            assertThat(plain.get("/api/x").status()).isEqualTo(200);
        }
    }

    @Test
    @NeedsPrograms(value = "python3", debianPackage = "python3")
    void a_socket_of_a_service_manager_that_nothing_is_configured_for_is_one_sentence() {
        List<String> command = new ArrayList<>(List.of("python3", "-c", LISTENING, Integer.toString(otherTcp), "--"));
        command.addAll(command());

        Program failing = cluster.start("balancer", environment(), command);

        assertThat(failing.awaitExit()).isEqualTo(1);
        assertThat(failing.output())
                .contains("systemd listens on port " + otherTcp + ", and the configuration has nothing");
    }

    private void write(int tcpPort) throws IOException {
        Files.writeString(
                file, """
                listen: ["127.0.0.1:%d", {address: "127.0.0.1:%d", tls: true}]
                tls: [{cert: %s, key: %s}]
                tcp: [{listen: "127.0.0.1:%d", to: %s}]
                route: {/: %s}
                admin: 127.0.0.1:%d
                """.formatted(http, tls, certificate.cert(), certificate.key(), tcpPort, API, API, admin));
    }

    private BalancerProcess balancer(String... flags) {
        return BalancerProcess.awaitReady(cluster.start("balancer", environment(), command(flags)));
    }

    private List<String> command(String... flags) {
        List<String> all = new ArrayList<>(List.of("--consul", cluster.registry(), "--config", file.toString()));
        all.addAll(List.of(flags));
        return Jar.command("balancer", all.toArray(String[]::new));
    }

    private Map<String, String> environment() {
        return Map.of("XDG_RUNTIME_DIR", folder.toString());
    }

    private SocketFactory trusting() throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream ca = Files.newInputStream(folder.resolve("ca.crt"))) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(ca));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context.getSocketFactory();
    }

    /** The start of what a service responds to one more request on a connection, all of which is read. */
    private static String statusOf(Socket client) throws IOException {
        client.setSoTimeout(30_000);
        client.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        String head = "";
        while (!head.endsWith("\r\n\r\n")) {
            head += (char) client.getInputStream().read();
        }
        int length = Integer.parseInt(
                head.replaceFirst("(?is).*content-length: *(\\d+).*", "$1").strip());
        assertThat(client.getInputStream().readNBytes(length)).hasSize(length);
        return head.substring(0, head.indexOf(' ', head.indexOf(' ') + 1));
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
