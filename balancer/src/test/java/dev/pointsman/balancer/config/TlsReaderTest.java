package dev.pointsman.balancer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.balancer.tls.CertificateFiles;
import dev.pointsman.settings.Setting;
import dev.pointsman.testkit.NeedsPrograms;
import dev.pointsman.testkit.TestAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ports for clients and TLS on them, in files and as flags. */
@NeedsPrograms(value = "openssl", debianPackage = "openssl")
class TlsReaderTest {
    @TempDir
    static Path folder = Path.of(".");

    private static Path cert = Path.of("");
    private static Path key = Path.of("");

    @BeforeAll
    static void issue() throws Exception {
        TestAuthority authority = TestAuthority.in(folder, "ca");
        TestAuthority.Issued issued = authority.issue("one", "/CN=one", "one.example.com");
        cert = issued.cert();
        key = issued.key();
        Files.createDirectory(folder.resolve("many"));
        Files.createDirectory(folder.resolve("empty"));
        Files.writeString(folder.resolve("many/both.pem"), Files.readString(cert) + Files.readString(key));
    }

    @Test
    void host_and_port_are_the_short_form_of_one_listener() throws Exception {
        BalancerConfig config = file("host: 127.0.0.1", "port: 81");

        assertThat(config.listeners()).containsExactly(new Listener(new ListenAddress("127.0.0.1", 81), false));
        assertThat(config.listen()).hasToString("127.0.0.1:81");
    }

    @Test
    void several_listeners_are_a_list_of_addresses_or_mappings() throws Exception {
        BalancerConfig config = file(
                "listen: [\":8080\", {address: \"[::1]:8443\", tls: true}, {address: \":0\", tls: on}]",
                "tls: {cert: " + cert + ", key: " + key + "}");

        assertThat(config.listeners())
                .containsExactly(
                        new Listener(new ListenAddress("0.0.0.0", 8080), false),
                        new Listener(new ListenAddress("::1", 8443), true),
                        new Listener(new ListenAddress("0.0.0.0", 0), true));
        assertThat(config.listeners()).extracting(Listener::scheme).containsExactly("http", "https", "https");
        assertThat(config.tls().certificates()).containsExactly(new CertificateFiles(cert, key));
    }

    @Test
    void flags_have_the_same_parts_behind_semicolons() throws Exception {
        BalancerConfig config = flags(
                "listen=:8080",
                "listen=127.0.0.1:8443;tls",
                "tls=" + cert + ";key=" + key,
                "tls=cert=" + cert + ";key=" + key,
                "redirect-to-https=443",
                "hsts=60",
                "tls-min-version=1.3",
                "tls-dir=" + folder.resolve("many"),
                "client-ca=" + folder.resolve("ca.crt"),
                "client-auth=asked",
                "tls-engine=jdk");

        assertThat(config.listeners()).extracting(Listener::tls).containsExactly(false, true);
        TlsConfig tls = config.tls();
        assertThat(tls.certificates()).hasSize(2).containsOnly(new CertificateFiles(cert, key));
        assertThat(tls.redirectPort()).isEqualTo(443);
        assertThat(tls.hstsSeconds()).isEqualTo(60);
        assertThat(tls.fromTls13()).isTrue();
        assertThat(Objects.requireNonNull(tls.folder()).path()).isEqualTo(folder.resolve("many"));
        assertThat(tls.clientCa()).isEqualTo(folder.resolve("ca.crt"));
        assertThat(tls.clientAuth()).isEqualTo(ClientAuth.ASKED);
        assertThat(tls.engine()).isEqualTo(TlsEngine.JDK);
    }

    @Test
    void without_tls_nothing_of_it_is_on() throws Exception {
        TlsConfig tls = file("port: 81").tls();

        assertThat(tls.certificates()).isEmpty();
        assertThat(tls.redirectPort()).isEqualTo(TlsConfig.NONE);
        assertThat(tls.hstsSeconds()).isEqualTo(TlsConfig.NONE);
    }

    @Test
    void a_redirect_that_is_just_true_goes_to_the_port_of_a_listener() throws Exception {
        assertThat(file(
                                "listen: {address: \":1\", tls: true}",
                                "tls-dir: " + folder.resolve("many"),
                                "redirect-to-https: true")
                        .tls()
                        .redirectPort())
                .isZero();
    }

    @Test
    void a_redirect_to_a_port_that_nobody_knows_is_refused() {
        assertThatThrownBy(() -> file(
                        "listen: {address: \":0\", tls: true}",
                        "tls-dir: " + folder.resolve("many"),
                        "redirect-to-https: true"))
                .hasMessageContaining("redirect-to-https: the first listener with TLS has port 0");
    }

    @Test
    void everything_that_is_wrong_is_said_with_its_place() {
        assertThatThrownBy(() -> file(
                        "port: 80",
                        "listen: [8080, {tls: true}, \":81\", \":81\"]",
                        "tls: [{key: x}, {cert: " + cert + "}, {cert: none.pem}]",
                        "tls-dir: " + folder.resolve("empty"),
                        "client-ca: " + key,
                        "redirect-to-https: 70000"))
                .isInstanceOfSatisfying(ConfigException.class, wrong -> assertThat(wrong.problems())
                        .anyMatch(each -> each.endsWith("port: \"80\" beside listen (expected: one of them)"))
                        .anyMatch(each -> each.contains("listen: \"8080\" (expected: [HOST]:PORT, such as :8443"))
                        .anyMatch(each -> each.endsWith("listen: no address: (expected: one such as :8443)"))
                        .anyMatch(each -> each.endsWith("listen: \"0.0.0.0:81\" twice (expected: each address once)"))
                        .anyMatch(each -> each.contains("tls: no cert: (expected: one such as"))
                        .anyMatch(each -> each.endsWith(
                                cert + ": no private key in it (expected: a PEM file with BEGIN PRIVATE KEY)"))
                        .anyMatch(each -> each.endsWith("none.pem: there is no such file (expected: a PEM file)"))
                        .anyMatch(each -> each.endsWith(
                                key + ": no certificate in it (expected: a PEM file with BEGIN CERTIFICATE)"))
                        .anyMatch(each -> each.contains("redirect-to-https: \"70000\"")));
    }

    @Test
    void tls_without_a_certificate_and_certificates_without_a_listener_are_refused() {
        assertThatThrownBy(() -> flags("listen=:8443;tls"))
                .hasMessageContaining("--listen: TLS without a certificate (expected: one by tls or tls-dir)");
        assertThatThrownBy(() -> flags("tls=" + cert + ";key=" + key))
                .hasMessageContaining("--tls: nothing listens with TLS (expected: listen with such a one");
        assertThatThrownBy(() -> flags("hsts=60")).hasMessageContaining("--hsts: nothing listens with TLS");
        assertThatThrownBy(() -> flags("client-auth=asked")).hasMessageContaining("--client-auth: without client-ca");
        assertThatThrownBy(() -> flags("listen=:8443;tls", "tls-dir=" + folder.resolve("empty")))
                .hasMessageContaining("(expected: a folder with a certificate, NAME.crt or NAME.pem)");
    }

    @Test
    void one_mistake_in_a_certificate_or_a_listener_is_one_sentence() {
        assertThat(problemsOfFile(
                        "listen: {address: \":1\", tls: true}", "tls: {cert: " + cert + ", kee: " + key + "}"))
                .singleElement()
                .asString()
                .endsWith("tls: kee: there is no such setting (expected one of: cert, key). Did you mean key?");
        assertThat(problemsOfFile("listen: {address: \":1\", tls: true}", "tls: {cert: " + cert + ", key: [x, y]}"))
                .singleElement()
                .asString()
                .endsWith("tls: key: a list, a mapping or nothing (expected: one value)");
        assertThatThrownBy(() -> flags("listen=:1;tlss", "tls=" + cert + ";key=" + key))
                .isInstanceOfSatisfying(ConfigException.class, wrong -> assertThat(wrong.problems())
                        .singleElement()
                        .asString()
                        .startsWith("--listen: tlss: there is no such setting"));
        assertThatThrownBy(() -> flags("listen=:1;tls", "tls=" + cert + ";kee=" + key))
                .isInstanceOfSatisfying(ConfigException.class, wrong -> assertThat(wrong.problems())
                        .singleElement()
                        .asString()
                        .startsWith("--tls: kee: there is no such setting"));
        assertThatThrownBy(() -> flags("listen=:1", "listen=:1;tls", "tls=" + cert + ";key=" + key))
                .isInstanceOfSatisfying(ConfigException.class, wrong -> assertThat(wrong.problems())
                        .containsExactly("--listen: \"0.0.0.0:1\" twice (expected: each address once)"));
    }

    @Test
    void what_the_command_line_listens_on_and_shows_is_in_the_place_of_what_the_file_does() throws Exception {
        Path file = written("listen: [\":1\", {address: \":2\", tls: true}]", "tls: nowhere.pem");
        BalancerConfig config = new ConfigSource(
                        file,
                        List.of(Setting.flag("listen", ":3;tls"), Setting.flag("tls", cert + ";key=" + key)),
                        Map.of())
                .readOrThrow()
                .config();

        assertThat(config.listeners()).containsExactly(new Listener(new ListenAddress("0.0.0.0", 3), true));
        assertThat(config.tls().certificates()).containsExactly(new CertificateFiles(cert, key));
    }

    private static List<String> problemsOfFile(String... lines) {
        try {
            return List.of(file(lines).toString());
        } catch (ConfigException wrong) {
            return wrong.problems();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    private static BalancerConfig file(String... lines) throws Exception {
        return new ConfigSource(written(lines), List.of(), Map.of())
                .readOrThrow()
                .config();
    }

    private static Path written(String... lines) throws Exception {
        Path file = Files.createTempFile(folder, "p", ".yaml");
        return Files.writeString(file, String.join("\n", lines) + "\n");
    }

    private static BalancerConfig flags(String... settings) throws ConfigException {
        return ConfigReader.read(
                Arrays.stream(settings)
                        .map(text -> Setting.flag(
                                text.substring(0, text.indexOf('=')), text.substring(text.indexOf('=') + 1)))
                        .toList(),
                Map.of());
    }
}
