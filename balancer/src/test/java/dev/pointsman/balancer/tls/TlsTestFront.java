package dev.pointsman.balancer.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.testkit.TestAuthority;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What does TLS with clients in tests, by one of the engines, in front of a {@link TlsEchoServer}: with the certificates of a folder,
 * which can be exchanged, and with clients that ask it.
 */
final class TlsTestFront implements BeforeEachCallback, AfterEachCallback {
    private final String engine;
    private final Path made;
    private Path folder = Path.of(".");
    private Instant now = Instant.now();
    private TicketSecrets tickets = TicketSecrets.begin(now, new SecureRandom());
    private @Nullable TlsEchoServer server;
    private @Nullable CertificateStore store;

    /**
     * One that has not begun.
     *
     * @param made where certificates were {@linkplain #issue issued}
     */
    TlsTestFront(String engine, Path made) {
        this.engine = engine;
        this.made = made;
    }

    /** The engines that there are here. */
    static Stream<String> engines() {
        return ServerContexts.hasBoringSsl() ? Stream.of("jdk", "boringssl") : Stream.of("jdk");
    }

    /** Issues certificates: by an authority that clients trust, and by another one. */
    static void issue(Path made) {
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

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        folder = Files.createTempDirectory(made, "front");
        for (String name : List.of("first", "shop", "wild")) {
            put(name, name);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        close();
    }

    /** Ends it; it may be started again. */
    void close() {
        if (server != null) {
            server.close();
        }
        if (store != null) {
            store.close();
        }
    }

    boolean isBoringSsl() {
        return engine.equals("boringssl");
    }

    /** Where the certificates are that it has. */
    Path folder() {
        return folder;
    }

    Instant now() {
        return now;
    }

    /** Lets time pass. */
    void pass(Duration time) {
        now = now.plus(time);
    }

    /** Has the next start go by secrets of tickets that were handed on. */
    void inherits(TicketSecrets secrets) {
        tickets = secrets;
    }

    void put(String from, String to) throws IOException {
        for (String ending : List.of(".key", ".crt")) {
            Path next = folder.resolve(to + ending + ".next");
            Files.copy(made.resolve(from + ending), next, StandardCopyOption.REPLACE_EXISTING);
            Files.move(next, folder.resolve(to + ending), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    TlsSource source(@Nullable String authority, boolean required, boolean from13) throws IOException {
        Path file = authority == null ? null : authorities();
        if (file != null) {
            Files.copy(made.resolve(authority + ".crt"), file, StandardCopyOption.REPLACE_EXISTING);
        }
        return new TlsSource(List.of(), new CertificateFolder(folder), file, required, from13);
    }

    /** Not in the folder of the certificates, as it is none of them. */
    Path authorities() throws IOException {
        return Files.createDirectories(folder.resolve("clients")).resolve("ca.pem");
    }

    void start(@Nullable String authority, boolean required, boolean from13, boolean http2) throws Exception {
        start(authority, required, from13, http2, Duration.ofSeconds(10));
    }

    void start(@Nullable String authority, boolean required, boolean from13, boolean http2, Duration timeout)
            throws Exception {
        ServerContexts contexts =
                engine.equals("jdk") ? ServerContexts.ofJdk(http2) : ServerContexts.ofBoringSsl(http2);
        store = CertificateStore.open(source(authority, required, from13), contexts, () -> now, tickets);
        server = new TlsEchoServer(store, timeout);
    }

    void reload(TlsSource next) {
        assertThat(store().reload(next).problems()).isEmpty();
    }

    TlsEchoServer server() {
        return Objects.requireNonNull(server);
    }

    CertificateStore store() {
        return Objects.requireNonNull(store);
    }

    long failures(String word) {
        return Objects.requireNonNull(server().counts().failures().get(word));
    }

    /** What openssl says on a connection on which it sends a line and waits for one. */
    String openssl(String... more) throws Exception {
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

    String sent(String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server().port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(text.getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        }
    }

    String shownTo(@Nullable String name) throws Exception {
        try (SSLSocket socket = connect(name)) {
            X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return shown.getSubjectX500Principal().getName();
        }
    }

    String ask(SSLSocket socket) throws IOException {
        socket.getOutputStream().write('x');
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII)).readLine();
    }

    SSLSocket connect(@Nullable String name) throws Exception {
        return connect(name, "ca");
    }

    SSLSocket connect(@Nullable String name, String trusted) throws Exception {
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
