package dev.pointsman.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pointsman.balancer.testkit.CapturedLog;
import dev.pointsman.balancer.testkit.TestBalancer;
import dev.pointsman.balancer.testkit.WebSocketHandshake;
import dev.pointsman.balancer.testkit.Wire;
import dev.pointsman.balancer.tls.PemFile;
import dev.pointsman.testkit.NeedsPrograms;
import dev.pointsman.testkit.TestAuthority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** A balancer with a port in clear text and one with TLS, as curl sees it. */
@NeedsPrograms(
        value = {"openssl", "curl"},
        debianPackage = "openssl curl")
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"jdk", "auto"})
class TlsListenerTest {
    @TempDir
    static Path made = Path.of(".");

    @RegisterExtension
    final TestBalancer balancer = new TestBalancer();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    @TempDir
    Path folder = Path.of(".");

    private final String engine;

    TlsListenerTest(String engine) {
        this.engine = engine;
    }

    @BeforeAll
    static void make() {
        TestAuthority authority = TestAuthority.in(made, "ca");
        authority.issue("old", "/CN=old", "localhost");
        authority.issue("new", "/CN=new", "localhost");
        authority.issue("alice", "/O=Shop/CN=alice");
    }

    @BeforeEach
    void certificate() throws Exception {
        put("old");
    }

    private void put(String name) throws Exception {
        Path next = folder.resolve("next");
        Files.writeString(
                next, Files.readString(made.resolve(name + ".crt")) + Files.readString(made.resolve(name + ".key")));
        Files.move(
                next, folder.resolve("one.pem"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void start(String... more) throws Exception {
        balancer.instance(
                "a",
                (request, wire) -> wire.respond(
                        200,
                        "proto=" + request.head().one("X-Forwarded-Proto") + " subject="
                                + request.head().all("X-Client-Cert-Subject")
                                + request.head().all("X_Client-Cert_Subject") + " body="
                                + request.body().length()));
        List<String> flags = new ArrayList<>(
                List.of("listen=127.0.0.1:0", "listen=127.0.0.1:0;tls", "tls-dir=" + folder, "tls-engine=" + engine));
        flags.addAll(List.of(more));
        balancer.start(flags.toArray(String[]::new));
    }

    @Test
    void an_instance_is_told_by_which_scheme_a_request_came() throws Exception {
        start();

        assertThat(curl("https", "/")).contains("proto=https");
        assertThat(curl("http", "/")).contains("proto=http ");
    }

    @Test
    void bodies_of_some_size_pass_both_ways() throws Exception {
        start();
        Path body = Files.write(folder.resolve("body"), new byte[300_000]);

        assertThat(curl("https", "/", "--data-binary", "@" + body)).contains("body=300000");
    }

    @Test
    void the_subject_of_a_client_reaches_the_instance_and_no_client_can_set_it() throws Exception {
        start("client-ca=" + made.resolve("ca.crt"), "client-auth=asked", "trusted-proxies=127.0.0.0/8");
        String[] forged = {"-H", "X-Client-Cert-Subject: CN=root", "-H", "X_Client-Cert_Subject: CN=root"};

        assertThat(curl("https", "/", forged)).contains("subject=[][]");
        assertThat(curl("http", "/", forged)).contains("subject=[][]");
        assertThat(curl(
                        "https",
                        "/",
                        with(forged, "--cert", made.resolve("alice.crt"), "--key", made.resolve("alice.key"))))
                .contains("subject=[CN=alice,O=Shop][]");
    }

    @Test
    void clear_text_is_sent_to_https_but_for_challenges_and_what_a_trusted_proxy_got_by_it() throws Exception {
        start("redirect-to-https=8443", "trusted-proxies=127.0.0.0/8");

        assertThat(curl("http", "/a?b=c", "-d", "x"))
                .startsWith("HTTP/1.1 308 Permanent Redirect\r\n")
                .containsIgnoringCase("\r\nlocation: https://localhost:8443/a?b=c\r\n");
        assertThat(curl("http", "/.well-known/acme-challenge/token")).contains("proto=http ");
        assertThat(curl("http", "/", "-H", "X-Forwarded-Proto: https")).contains("proto=https");
        assertThat(curl("https", "/")).contains("proto=https");
    }

    @Test
    void browsers_are_told_to_come_by_tls_on_tls_alone() throws Exception {
        start("hsts=600");

        assertThat(curl("https", "/")).containsIgnoringCase("\r\nstrict-transport-security: max-age=600\r\n");
        assertThat(curl("http", "/")).doesNotContainIgnoringCase("strict-transport");
    }

    @Test
    void a_certificate_whose_file_is_replaced_is_followed() throws Exception {
        start();
        assertThat(curl("https", "/", "-v")).contains("subject: CN=old");

        put("new");

        await().untilAsserted(() -> assertThat(curl("https", "/", "-v")).contains("subject: CN=new"));
        Files.writeString(folder.resolve("one.pem"), "nothing");
        await().untilAsserted(() -> assertThat(curl("https", "/", "-v")).contains("subject: CN=new"));
    }

    @Test
    void metrics_count_handshakes_and_tell_when_a_certificate_ends() throws Exception {
        start();
        curl("https", "/");
        try (Wire wire = Wire.to(balancer.ports().get(1))) {
            wire.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(wire.readToEnd()).contains("400 this port speaks TLS: come by https");
        }

        assertThat(balancer.admin().get("/metrics").body())
                .contains("pointsman_tls_handshakes_total 1.0")
                .contains("pointsman_tls_handshake_failures_total{reason=\"not-tls\"} 1.0")
                .containsPattern(
                        "pointsman_tls_certificate_expiry_timestamp_seconds\\{file=\"[^\"]*one.pem\"} 1\\.\\d+E9");
    }

    @Test
    void tls_on_the_port_for_clear_text_is_refused() throws Exception {
        start();

        assertThat(curl("https", 0, "/")).contains("wrong version number");
        try (Wire wire = Wire.to(balancer.ports().get(0))) {
            // The beginning of a handshake, in which there is no end of a line.
            wire.send(new byte[] {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3});
            assertThat(wire.readToEnd())
                    .startsWith("HTTP/1.1 400 ")
                    .contains("400 this port speaks clear text, and TLS came: come by http");
        }
        assertThat(log.text()).contains("127.0.0.1 speaks TLS on a port in clear text");
    }

    @Test
    void a_client_is_told_by_an_alert_why_its_handshake_has_failed() throws Exception {
        start("client-ca=" + made.resolve("ca.crt"), "client-auth=required");

        assertThat(curl("https", "/", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0"))
                .contains("alert protocol version");
        assertThat(curl("https", "/", "--tls-max", "1.2")).contains("alert");
        assertThat(openssl("-alpn", "gopher")).contains("alert no application protocol");
    }

    @Test
    void a_connection_is_kept_and_ends_with_a_farewell() throws Exception {
        start();

        try (SSLSocket client = connect()) {
            for (int i = 0; i < 3; i++) {
                send(client, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertThat(readUntil(client, "body=0")).startsWith("HTTP/1.1 200 ");
            }
            send(client, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            // Without the farewell the JDK's client would throw here.
            assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .endsWith("body=0");
        }
    }

    @Test
    void a_response_that_is_cut_short_has_no_farewell_that_would_make_it_look_whole() throws Exception {
        balancer.instance("a", (request, wire) -> {
            wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n");
            wire.close();
        });
        balancer.start("listen=127.0.0.1:0", "listen=127.0.0.1:0;tls", "tls-dir=" + folder, "tls-engine=" + engine);

        try (SSLSocket client = connect()) {
            send(client, "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n");
            assertThatThrownBy(() -> client.getInputStream().readAllBytes()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_websocket_passes_both_ways() throws Exception {
        balancer.instance("a", (request, wire) -> {
            wire.send(WebSocketHandshake.SWITCHING);
            assertThat(wire.read(5)).isEqualTo("hello");
            wire.send("there");
        });
        balancer.start("listen=127.0.0.1:0", "listen=127.0.0.1:0;tls", "tls-dir=" + folder, "tls-engine=" + engine);

        try (SSLSocket client = connect()) {
            send(client, """
                    GET / HTTP/1.1
                    Host: localhost
                    Connection: Upgrade
                    Upgrade: websocket
                    Sec-WebSocket-Version: 13
                    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

                    """.replace("\n", "\r\n"));
            assertThat(readUntil(client, "\r\n\r\n")).startsWith("HTTP/1.1 101 ");
            send(client, "hello");
            assertThat(readUntil(client, "there")).isEqualTo("there");
        }
    }

    @Test
    void a_large_response_waits_for_a_client_that_reads_slowly() throws Exception {
        byte[] body = new byte[8 * 1024 * 1024];
        balancer.instance(
                "a", (request, wire) -> wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n")
                        .send(body));
        balancer.start("listen=127.0.0.1:0", "listen=127.0.0.1:0;tls", "tls-dir=" + folder, "tls-engine=" + engine);

        try (SSLSocket client = connect()) {
            send(client, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            readUntil(client, "\r\n\r\n");
            assertThat(client.getInputStream().readAllBytes()).hasSize(body.length);
        }
    }

    @Test
    void a_stop_ends_idle_connections_and_handshakes_under_way() throws Exception {
        start();
        try (SSLSocket idle = connect();
                Wire handshaking = Wire.to(balancer.ports().get(1))) {
            handshaking.send(new byte[] {22, 3, 1, 2, 0, 1, 0, 1});
            send(idle, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            readUntil(idle, "body=0");

            balancer.stop();

            assertThat(idle.getInputStream().read()).isEqualTo(-1);
            assertThat(handshaking.ends()).isTrue();
        }
    }

    private SSLSocket connect() throws Exception {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry(
                "ca", PemFile.read(made.resolve("ca.crt")).certificates().get(0));
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trust);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket("127.0.0.1", balancer.ports().get(1));
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void send(SSLSocket to, String text) throws IOException {
        to.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String readUntil(SSLSocket from, String end) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(end) < 0) {
            int next = from.getInputStream().read();
            assertThat(next).as(read.toString()).isNotNegative();
            read.append((char) next);
        }
        return read.toString();
    }

    private static String[] with(String[] some, Object... more) {
        List<String> all = new ArrayList<>(List.of(some));
        for (Object each : more) {
            all.add(each.toString());
        }
        return all.toArray(String[]::new);
    }

    private String curl(String scheme, String path, String... more) throws Exception {
        return curl(scheme, scheme.equals("https") ? 1 : 0, path, more);
    }

    private String curl(String scheme, int listener, String path, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "curl",
                "-sS",
                "-i",
                "--max-time",
                "10",
                "--cacert",
                made.resolve("ca.crt").toString(),
                scheme + "://localhost:" + balancer.ports().get(listener) + path));
        command.addAll(List.of(more));
        return said(command);
    }

    private String openssl(String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "openssl",
                "s_client",
                "-connect",
                "localhost:" + balancer.ports().get(1)));
        command.addAll(List.of(more));
        return said(command);
    }

    private static String said(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(15, TimeUnit.SECONDS)).isTrue();
        return said;
    }
}
