package dev.pointsman.balancer.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pointsman.testkit.NeedsPrograms;
import dev.pointsman.testkit.TestAuthority;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** TLS with clients, by both engines: openssl and the JDK on the other side. */
@NeedsPrograms(value = "openssl", debianPackage = "openssl")
@ParameterizedClass(name = "{0}")
@MethodSource("engines")
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsFrontTest {
    @TempDir
    static Path made = Path.of(".");

    @TempDir
    Path folder = Path.of(".");

    private final String engine;
    private final SecureRandom random = new SecureRandom();
    private Instant now = Instant.now();
    private final InstantSource clock = () -> now;
    private TicketSecrets tickets = TicketSecrets.begin(now, random);
    private @Nullable TlsEchoServer server;
    private @Nullable CertificateStore store;

    TlsFrontTest(String engine) {
        this.engine = engine;
    }

    static Stream<String> engines() {
        return ServerContexts.hasBoringSsl() ? Stream.of("jdk", "boringssl") : Stream.of("jdk");
    }

    @BeforeAll
    static void make() {
        TestAuthority authority = TestAuthority.in(made, "ca");
        authority.issue("first", "/CN=first", "first.example.com", "localhost");
        authority.issueRsa("shop", "/CN=shop", "shop.example.com");
        authority.issue("wild", "/CN=wild", "*.example.com");
        authority.issueUntilYesterday("expired", "/CN=expired", "shop.example.com");
        authority.issue("renewed", "/CN=renewed", "shop.example.com");
        authority.issue("alice", "/O=Shop/CN=alïce");
        TestAuthority other = TestAuthority.in(made, "other");
        other.issue("mallory", "/O=Shop/CN=alïce");
    }

    @BeforeEach
    void copy() throws IOException {
        for (String name : List.of("first", "shop", "wild")) {
            put(name, name);
        }
    }

    @AfterEach
    void close() {
        if (server != null) {
            server.close();
        }
        if (store != null) {
            store.close();
        }
    }

    @Test
    void each_client_gets_the_certificate_for_the_name_that_it_asks_for() throws Exception {
        start(null, false, false, false);

        assertThat(shownTo("shop.example.com")).isEqualTo("CN=shop");
        assertThat(shownTo("SHOP.example.com")).isEqualTo("CN=shop");
        assertThat(shownTo("any.example.com")).isEqualTo("CN=wild");
        assertThat(shownTo("a.any.example.com")).isEqualTo("CN=first");
        assertThat(shownTo(null)).isEqualTo("CN=first");
    }

    @Test
    void tls_1_2_and_1_3_are_spoken_and_nothing_older() throws Exception {
        start(null, false, false, false);

        assertThat(openssl("-tls1_3")).contains("TLSv1.3 null null").contains("TLSv1.3, Cipher is TLS_AES_");
        assertThat(openssl("-tls1_2")).contains("TLSv1.2 null null").contains("TLSv1.2, Cipher is ECDHE-ECDSA-AES");
        assertThat(openssl("-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0")).contains("alert protocol version");
        assertThat(openssl("-tls1_2", "-cipher", "AES128-SHA")).contains("handshake failure");
        assertThat(failures("nothing-in-common")).isEqualTo(2);
        assertThat(server().counts().completed()).isEqualTo(2);
    }

    @Test
    void tls_1_3_can_be_the_least() throws Exception {
        start(null, false, true, false);

        assertThat(openssl("-tls1_3")).contains("TLSv1.3 null");
        assertThat(openssl("-tls1_2")).contains("alert protocol version");
    }

    @Test
    void http_2_is_offered_only_where_it_is_spoken() throws Exception {
        start(null, false, false, false);
        assertThat(openssl("-alpn", "h2,http/1.1"))
                .contains("ALPN protocol: http/1.1")
                .contains("TLSv1.3 http/1.1");
        assertThat(openssl("-alpn", "h2")).contains("alert no application protocol");
        close();

        start(null, false, false, true);
        assertThat(openssl("-alpn", "http/1.1,h2")).contains("ALPN protocol: h2");
        assertThat(openssl("-alpn", "http/1.1")).contains("ALPN protocol: http/1.1");
        assertThat(openssl("-alpn", "gopher,http/1.1")).contains("ALPN protocol: http/1.1");
        assertThat(openssl()).contains("No ALPN negotiated").contains("TLSv1.3 null");
    }

    @Test
    void a_client_that_offers_other_protocols_alone_is_refused_by_an_alert() throws Exception {
        start(null, false, false, true);

        for (String version : List.of("-tls1_2", "-tls1_3")) {
            assertThat(openssl(version, "-alpn", "gopher,http/1.0"))
                    .contains("alert no application protocol")
                    .doesNotContain("null null");
        }
        await().untilAsserted(() -> assertThat(failures("nothing-in-common")).isEqualTo(2));
    }

    @Test
    void sessions_are_resumed_in_both_versions() throws Exception {
        start(null, false, false, false);

        for (String version : List.of("-tls1_2", "-tls1_3")) {
            assertThat(openssl(version, "-sess_out", "s.pem")).contains("New, TLSv1.");
            assertThat(openssl(version, "-sess_in", "s.pem"))
                    .as(version)
                    .contains("Reused, TLSv1.")
                    .contains("null null");
        }
    }

    /** Of BoringSSL: the JDK gives nobody its keys. */
    @Test
    void sessions_are_resumed_by_the_process_that_takes_over_and_for_a_day() throws Exception {
        assumeTrue(engine.equals("boringssl"));
        start(null, false, false, false);
        openssl("-tls1_2", "-sess_out", "12.pem");
        openssl("-tls1_3", "-sess_out", "13.pem");
        List<String> handedOn = store().tickets().texts();
        close();

        tickets = Objects.requireNonNull(TicketSecrets.of(handedOn, random));
        start(null, false, false, false);
        assertThat(openssl("-tls1_2", "-sess_in", "12.pem")).contains("Reused, TLSv1.2");
        assertThat(openssl("-tls1_3", "-sess_in", "13.pem")).contains("Reused, TLSv1.3");

        for (int day = 0; day < 2; day++) {
            now = now.plus(TicketSecrets.PERIOD);
            store().renewTickets();
            assertThat(openssl("-tls1_3", "-sess_in", "13.pem")).contains("Reused, TLSv1.3");
        }
        now = now.plus(TicketSecrets.PERIOD);
        store().renewTickets();
        assertThat(openssl("-tls1_3", "-sess_in", "13.pem")).contains("New, TLSv1.3");
        assertThat(store().tickets().texts()).hasSize(3).doesNotContainAnyElementsOf(handedOn);
    }

    @Test
    void no_ticket_is_taken_by_a_process_that_was_not_given_the_secrets() throws Exception {
        start(null, false, false, false);
        openssl("-tls1_3", "-sess_out", "13.pem");
        close();

        tickets = TicketSecrets.begin(now, random);
        start(null, false, false, false);
        assertThat(openssl("-tls1_3", "-sess_in", "13.pem")).contains("New, TLSv1.3");
    }

    @Test
    void a_resumed_session_still_knows_its_client_s_subject() throws Exception {
        start("ca", true, false, false);

        for (String version : List.of("-tls1_2", "-tls1_3")) {
            openssl(version, "-sess_out", "s.pem", "-cert", "alice.crt", "-key", "alice.key");
            assertThat(openssl(version, "-sess_in", "s.pem", "-cert", "alice.crt", "-key", "alice.key"))
                    .as(version)
                    .contains("Reused, TLSv1.")
                    .contains("null CN=al\\C3\\AFce,O=Shop");
        }
    }

    @Test
    void no_session_is_resumed_under_another_rule_for_clients() throws Exception {
        start(null, false, false, false);
        openssl("-tls1_2", "-sess_out", "12.pem");
        openssl("-tls1_3", "-sess_out", "13.pem");

        reload(source("ca", true, false));

        for (String session : List.of("12", "13")) {
            String said = openssl("-tls1_" + session.charAt(1), "-sess_in", session + ".pem");
            assertThat(said).doesNotContain("Reused").doesNotContain("null null");
        }
        assertThat(openssl("-tls1_2", "-sess_in", "12.pem", "-cert", "alice.crt", "-key", "alice.key"))
                .contains("New, TLSv1.2")
                .contains("O=Shop");
    }

    @Test
    void a_session_of_one_authority_is_not_resumed_under_another() throws Exception {
        start("ca", true, false, false);
        openssl("-tls1_3", "-sess_out", "s.pem", "-cert", "alice.crt", "-key", "alice.key");

        reload(source("other", true, false));

        assertThat(openssl("-tls1_3", "-sess_in", "s.pem", "-cert", "alice.crt", "-key", "alice.key"))
                .doesNotContain("Reused")
                .doesNotContain("O=Shop\n");
    }

    @Test
    void a_client_that_has_to_show_a_certificate_is_refused_without_one_and_with_one_of_another_authority()
            throws Exception {
        start("ca", true, false, false);

        assertThat(openssl()).doesNotContain("null null");
        assertThat(openssl("-cert", "mallory.crt", "-key", "mallory.key")).doesNotContain("O=Shop\n");
        assertThat(openssl("-cert", "alice.crt", "-key", "alice.key")).contains("null CN=al\\C3\\AFce,O=Shop");
        await().untilAsserted(() -> {
            assertThat(failures("no-client-certificate")).isEqualTo(1);
            assertThat(failures("bad-client-certificate")).isEqualTo(1);
        });
    }

    @Test
    void a_client_that_is_asked_for_a_certificate_may_have_none_but_not_a_bad_one() throws Exception {
        start("ca", false, false, false);

        assertThat(openssl()).contains("null null");
        assertThat(openssl("-cert", "mallory.crt", "-key", "mallory.key")).doesNotContain("O=Shop\n");
        assertThat(openssl("-cert", "alice.crt", "-key", "alice.key")).contains("null CN=al\\C3\\AFce,O=Shop");
    }

    @Test
    void a_renewed_certificate_is_for_new_connections_and_those_there_are_go_on() throws Exception {
        start(null, false, false, false);
        try (SSLSocket before = connect("shop.example.com")) {
            assertThat(ask(before)).startsWith("TLSv1.3");

            put("renewed", "shop");
            CertificateStore.StoreReload reload = store().reload();

            assertThat(reload.problems()).isEmpty();
            assertThat(reload.changes())
                    .singleElement()
                    .asString()
                    .startsWith("certificate " + folder.resolve("shop.crt")
                            + " [shop.example.com] is in force, valid until ");
            assertThat(shownTo("shop.example.com")).isEqualTo("CN=renewed");
            assertThat(ask(before)).startsWith("TLSv1.3");
            // Another change frees what the one before has replaced.
            put("shop", "shop");
            store().reload();
            store().reload();
            assertThat(shownTo("shop.example.com")).isEqualTo("CN=shop");
            assertThat(ask(before)).startsWith("TLSv1.3");
        }
    }

    @Test
    void a_bad_new_certificate_is_refused_with_a_sentence_while_others_are_renewed() throws Exception {
        start(null, false, false, false);

        put("renewed", "shop");
        Files.copy(made.resolve("shop.key"), folder.resolve("wild.key"), StandardCopyOption.REPLACE_EXISTING);
        CertificateStore.StoreReload reload = store().reload();

        assertThat(reload.problems())
                .containsExactly(
                        folder.resolve("wild.crt") + ": not the certificate of the key in " + folder.resolve("wild.key")
                                + " (expected: two that belong together); the one before stays in force");
        assertThat(shownTo("shop.example.com")).isEqualTo("CN=renewed");
        assertThat(shownTo("any.example.com")).isEqualTo("CN=wild");
    }

    @Test
    void a_new_certificate_that_clients_would_refuse_for_its_dates_does_not_replace_a_valid_one() throws Exception {
        start(null, false, false, false);
        put("expired", "shop");
        assertThat(store().reload().problems())
                .singleElement()
                .asString()
                .startsWith(folder.resolve("shop.crt") + ": expired at ")
                .endsWith(" (expected: one that is valid now); the one before stays in force");
        assertThat(store().isComplete()).isFalse();
        assertThat(shownTo("shop.example.com")).isEqualTo("CN=shop");

        put("renewed", "shop");
        assertThat(store().reload().problems()).isEmpty();
        assertThat(store().isComplete()).isTrue();
        assertThat(shownTo("shop.example.com")).isEqualTo("CN=renewed");
    }

    @Test
    void certificates_come_and_go_in_a_folder_and_the_last_stays() throws Exception {
        start(null, false, false, false);
        put("renewed", "new");
        Files.delete(folder.resolve("wild.crt"));

        CertificateStore.StoreReload reload = store().reload();

        assertThat(reload.changes())
                .hasSize(2)
                .anyMatch(each -> each.endsWith("wild.crt [*.example.com] is not used any more"));
        assertThat(shownTo("any.example.com")).isEqualTo("CN=first");
        for (String name : List.of("first", "shop", "new")) {
            Files.delete(folder.resolve(name + ".crt"));
        }
        assertThat(store().reload().problems()).singleElement().asString().contains("no certificate");
        assertThat(shownTo(null)).isEqualTo("CN=first");
    }

    @Test
    void authorities_that_cannot_be_read_any_more_stay_in_force() throws Exception {
        start("ca", true, false, false);
        Files.writeString(authorities(), "nothing\n");

        assertThat(store().reload().problems())
                .singleElement()
                .asString()
                .endsWith(
                        "ca.pem: no certificate in it (expected: a PEM file with BEGIN CERTIFICATE); the authorities before"
                                + " stay in force");
        assertThat(openssl()).doesNotContain("null null");
    }

    @Test
    void no_connection_is_lost_while_certificates_are_exchanged_again_and_again() throws Exception {
        start(null, false, false, false);
        List<Throwable> failed = new ArrayList<>();
        Thread clients = new Thread(() -> {
            try {
                for (int i = 0; i < 60; i++) {
                    try (SSLSocket socket = connect("shop.example.com")) {
                        assertThat(ask(socket)).startsWith("TLSv1.3");
                    }
                }
            } catch (Throwable lost) {
                failed.add(lost);
            }
        });
        clients.start();
        for (int i = 0; clients.isAlive(); i++) {
            put(i % 2 == 0 ? "renewed" : "shop", "shop");
            assertThat(store().reload().problems()).isEmpty();
        }
        clients.join();

        assertThat(failed).isEmpty();
    }

    @Test
    void a_client_that_trickles_its_handshake_is_left_behind() throws Exception {
        start(null, false, false, false, Duration.ofMillis(200));
        try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), server().port());
                Socket slow = new Socket(InetAddress.getLoopbackAddress(), server().port())) {
            slow.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1, 0, 1});

            assertThat(slow.getInputStream().read()).isEqualTo(-1);
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }
        await().untilAsserted(() -> assertThat(failures("timeout")).isEqualTo(2));
    }

    @Test
    void a_rush_of_handshakes_does_not_keep_those_waiting_who_have_come_before() throws Exception {
        start(null, false, false, false, Duration.ofMinutes(1));
        byte[] hello = hello("first.example.com");
        List<Socket> rush = new ArrayList<>();
        try (SSLSocket before = connect("first.example.com")) {
            ask(before);
            for (int i = 0; i < 30; i++) {
                rush.add(new Socket(InetAddress.getLoopbackAddress(), server().port()));
            }
            await().until(() -> server().accepted() == 31);
            CountDownLatch held = server().hold();
            for (Socket each : rush) {
                each.getOutputStream().write(hello);
            }
            before.getOutputStream().write('x');
            held.countDown();

            assertThat(before.getInputStream().read()).isPositive();
            assertThat(server().answeredBeforeEcho())
                    .as("connections answered before the one that stood, itself among them")
                    .isLessThan(15);
            for (Socket each : rush) {
                each.setSoTimeout(20_000);
                assertThat(each.getInputStream().read()).as("a handshake").isEqualTo(22);
            }
        } finally {
            for (Socket each : rush) {
                each.close();
            }
        }
    }

    /** The first message of a client that asks for a name. */
    private static byte[] hello(String name) throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine(name, 443);
        engine.setUseClientMode(true);
        ByteBuffer written = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), written);
        return Arrays.copyOf(written.array(), written.position());
    }

    @Test
    void clear_text_is_told_so_in_clear_text_and_what_is_neither_is_closed() throws Exception {
        start(null, false, false, false);

        assertThat(sent("GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 400 Bad Request\r\n")
                .endsWith("\r\n\r\n400 this port speaks TLS: come by https\n");
        assertThat(sent("\u0001\u0002\u0003")).isEmpty();
        await().untilAsserted(() -> assertThat(failures("not-tls")).isEqualTo(2));
        assertThat(server().counts().completed()).isZero();
    }

    @Test
    void bytes_without_a_meaning_and_a_client_that_leaves_are_counted() throws Exception {
        start(null, false, false, false);

        sent("\u0016\u0003\u0001\u0000\u0005aaaaa");
        try (Socket gone = new Socket(InetAddress.getLoopbackAddress(), server().port())) {
            gone.getOutputStream().write(22);
        }
        await().untilAsserted(() -> assertThat(failures("closed")).isEqualTo(1));
        await().untilAsserted(() -> assertThat(server().counts().failures().values().stream()
                        .mapToLong(n -> n)
                        .sum())
                .isEqualTo(2));
    }

    @Test
    void a_client_that_does_not_trust_us_is_told_apart() throws Exception {
        start(null, false, false, false);

        assertThatThrownBy(() -> {
                    try (SSLSocket socket = connect("shop.example.com", "other")) {
                        ask(socket);
                    }
                })
                .isInstanceOf(SSLException.class);
        await().untilAsserted(() -> assertThat(failures("refused-by-client")).isEqualTo(1));
    }

    private void put(String from, String to) throws IOException {
        for (String ending : List.of(".key", ".crt")) {
            Path next = folder.resolve(to + ending + ".next");
            Files.copy(made.resolve(from + ending), next, StandardCopyOption.REPLACE_EXISTING);
            Files.move(next, folder.resolve(to + ending), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private TlsSource source(@Nullable String authority, boolean required, boolean from13) throws IOException {
        Path file = authority == null ? null : authorities();
        if (file != null) {
            Files.copy(made.resolve(authority + ".crt"), file, StandardCopyOption.REPLACE_EXISTING);
        }
        return new TlsSource(List.of(), new CertificateFolder(folder), file, required, from13);
    }

    /** Not in the folder of the certificates, as it is none of them. */
    private Path authorities() throws IOException {
        return Files.createDirectories(folder.resolve("clients")).resolve("ca.pem");
    }

    private void start(@Nullable String authority, boolean required, boolean from13, boolean http2) throws Exception {
        start(authority, required, from13, http2, Duration.ofSeconds(10));
    }

    private void start(@Nullable String authority, boolean required, boolean from13, boolean http2, Duration timeout)
            throws Exception {
        ServerContexts contexts =
                engine.equals("jdk") ? ServerContexts.ofJdk(http2) : ServerContexts.ofBoringSsl(http2);
        store = CertificateStore.open(source(authority, required, from13), contexts, clock, tickets);
        server = new TlsEchoServer(store, timeout);
    }

    private void reload(TlsSource next) {
        assertThat(store().reload(next).problems()).isEmpty();
    }

    private TlsEchoServer server() {
        return Objects.requireNonNull(server);
    }

    private CertificateStore store() {
        return Objects.requireNonNull(store);
    }

    private long failures(String word) {
        return Objects.requireNonNull(server().counts().failures().get(word));
    }

    /** What openssl says on a connection on which it sends a line and waits for one. */
    private String openssl(String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "openssl",
                "s_client",
                "-connect",
                "127.0.0.1:" + server().port(),
                "-servername",
                "first.example.com",
                "-ign_eof"));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command)
                .directory(made.toFile())
                .redirectErrorStream(true)
                .start();
        StringBuilder said = new StringBuilder();
        try (BufferedReader lines = process.inputReader();
                var into = process.outputWriter()) {
            into.write("hello\n");
            into.flush();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.append(line).append('\n');
                if (line.matches(".*TLSv1\\.[23] (null|h2|http/1.1) .*")) {
                    break;
                }
            }
        } finally {
            process.destroy();
            process.waitFor(10, TimeUnit.SECONDS);
        }
        return said.toString();
    }

    private String sent(String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server().port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(text.getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        }
    }

    private String shownTo(@Nullable String name) throws Exception {
        try (SSLSocket socket = connect(name)) {
            X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return shown.getSubjectX500Principal().getName();
        }
    }

    private static String ask(SSLSocket socket) throws IOException {
        socket.getOutputStream().write('x');
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII)).readLine();
    }

    private SSLSocket connect(@Nullable String name) throws Exception {
        return connect(name, "ca");
    }

    private SSLSocket connect(@Nullable String name, String trusted) throws Exception {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry(
                "ca",
                PemFile.read(made.resolve(trusted + ".crt")).certificates().get(0));
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trust);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server().port());
        socket.setSoTimeout(10_000);
        if (name != null) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            socket.setSSLParameters(parameters);
        }
        socket.startHandshake();
        return socket;
    }
}
