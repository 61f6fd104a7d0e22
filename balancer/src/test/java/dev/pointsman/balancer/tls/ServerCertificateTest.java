package dev.pointsman.balancer.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.testkit.NeedsPrograms;
import dev.pointsman.testkit.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read of certificates and keys, and the sentence for each thing that can be wrong with them. */
@NeedsPrograms(value = "openssl", debianPackage = "openssl")
class ServerCertificateTest {
    @TempDir
    static Path made = Path.of(".");

    @TempDir
    Path folder = Path.of(".");

    @BeforeAll
    static void make() {
        TestAuthority authority = TestAuthority.in(made, "ca");
        authority.issue("shop", "/CN=ignored", "Shop.example.com", "*.example.net");
        authority.issueRsa("rsa", "/CN=rsa.example.com");
        authority.issueShortRsa("short", "/CN=short.example.com");
    }

    @Test
    void a_certificate_is_for_its_alternative_names_and_for_its_common_name_only_without_such() throws Exception {
        assertThat(read("shop.crt", "shop.key").names()).containsExactlyInAnyOrder("shop.example.com", "*.example.net");
        assertThat(read("rsa.crt", "rsa.key").names()).containsExactly("rsa.example.com");
    }

    @Test
    void keys_are_read_in_each_form_that_openssl_writes() throws Exception {
        openssl("pkey", "-in", "shop.key", "-traditional", "-out", "shop.sec1");
        openssl("pkey", "-in", "rsa.key", "-traditional", "-out", "rsa.pkcs1");
        assertThat(Files.readString(made.resolve("shop.sec1"))).contains("BEGIN EC PRIVATE KEY");
        assertThat(Files.readString(made.resolve("rsa.pkcs1"))).contains("BEGIN RSA PRIVATE KEY");

        assertThat(read("shop.crt", "shop.sec1").key().getAlgorithm()).isEqualTo("EC");
        assertThat(read("rsa.crt", "rsa.pkcs1").key().getAlgorithm()).isEqualTo("RSA");
    }

    @Test
    void the_curve_of_a_key_may_stand_in_a_block_before_it() throws Exception {
        openssl("ecparam", "-name", "secp384r1", "-genkey", "-out", "p384.key");
        openssl("req", "-x509", "-key", "p384.key", "-subj", "/CN=p384", "-days", "10", "-out", "p384.crt");
        assertThat(Files.readString(made.resolve("p384.key"))).contains("BEGIN EC PARAMETERS");

        assertThat(read("p384.crt", "p384.key").names()).containsExactly("p384");
    }

    @Test
    void a_file_may_hold_chain_and_key_in_any_order_with_comments_in_between() throws Exception {
        write("all.pem", "a comment\n" + text("shop.key") + "another\n" + text("shop.crt") + text("ca.crt"));

        ServerCertificate all = ServerCertificate.read(file("all.pem", "all.pem"));

        assertThat(all.chain()).hasSize(2);
        assertThat(all.warnings(all.expiry().minus(Duration.ofDays(9))))
                .singleElement()
                .asString()
                .contains(": expires at ");
    }

    @Test
    void a_key_of_another_certificate_is_refused() {
        assertThatThrownBy(() -> read("shop.crt", "rsa.key"))
                .isInstanceOf(BadTlsFileException.class)
                .hasMessage(made.resolve("shop.crt") + ": not the certificate of the key in " + made.resolve("rsa.key")
                        + " (expected: two that belong together)");
    }

    @Test
    void an_rsa_key_that_clients_refuse_is_refused() {
        assertThatThrownBy(() -> read("short.crt", "short.key"))
                .isInstanceOf(BadTlsFileException.class)
                .hasMessage(made.resolve("short.crt")
                        + ": an RSA key of 1024 bits, which clients refuse (expected: one of 2048 bits or more, or an EC"
                        + " key)");
    }

    @Test
    void a_chain_that_does_not_begin_with_the_key_s_certificate_is_refused() throws Exception {
        write("wrong.crt", text("ca.crt") + text("shop.crt"));
        write("wrong.key", text("shop.key"));

        assertThatThrownBy(() -> ServerCertificate.read(file("wrong.crt", "wrong.key")))
                .hasMessageEndingWith(
                        "wrong.crt: its first certificate is not that of the key (expected: it first, then"
                                + " those that issued it)");
    }

    @Test
    void a_stranger_in_the_chain_is_a_warning() throws Exception {
        write("strange.pem", text("shop.crt") + text("rsa.crt") + text("shop.key"));

        assertThat(ServerCertificate.read(file("strange.pem", "strange.pem")).warnings(Instant.now()))
                .anyMatch(
                        warning -> warning.endsWith("strange.pem: certificate 2 in it did not issue the one before it;"
                                + " some clients refuse such a chain"));
    }

    @Test
    void a_certificate_says_when_it_is_not_valid_yet_is_about_to_end_or_has_ended() throws Exception {
        ServerCertificate certificate = read("shop.crt", "shop.key");
        Instant end = certificate.expiry();

        assertThat(certificate.warnings(end.minus(Duration.ofDays(20))))
                .singleElement()
                .asString()
                .contains(": not valid before ");
        assertThat(certificate.warnings(end.minus(Duration.ofDays(9))))
                .singleElement()
                .asString()
                .contains(": expires at " + end);
        assertThat(certificate.warnings(end.plusSeconds(1)))
                .singleElement()
                .asString()
                .contains(": expired at " + end);
    }

    @Test
    void an_encrypted_key_is_refused_in_both_forms_and_the_sentence_says_what_to_do() {
        openssl("pkcs8", "-topk8", "-in", "shop.key", "-passout", "pass:secret", "-out", "encrypted.key");
        openssl("rsa", "-in", "rsa.key", "-aes128", "-passout", "pass:secret", "-traditional", "-out", "old.key");

        assertThatThrownBy(() -> read("shop.crt", "encrypted.key"))
                .hasMessageContaining("encrypted.key: the private key is encrypted (expected: one without a password");
        assertThatThrownBy(() -> read("rsa.crt", "old.key"))
                .hasMessageContaining("old.key: the private key is encrypted");
    }

    @Test
    void keys_of_other_kinds_are_refused() {
        openssl("genpkey", "-algorithm", "ed25519", "-out", "ed.key");

        assertThatThrownBy(() -> read("shop.crt", "ed.key"))
                .hasMessage(made.resolve("ed.key") + ": the private key cannot be read (expected: an RSA or EC key)");
    }

    @Test
    void what_is_missing_in_a_file_is_said() throws Exception {
        write("empty.pem", "nothing\n");
        write("two.key", text("shop.key") + text("rsa.key"));

        assertThatThrownBy(() -> read("shop.key", "shop.key"))
                .hasMessageEndingWith("shop.key: no certificate in it (expected: a PEM file with BEGIN CERTIFICATE)");
        assertThatThrownBy(() -> read("shop.crt", "shop.crt"))
                .hasMessageEndingWith("shop.crt: no private key in it (expected: a PEM file with BEGIN PRIVATE KEY)");
        assertThatThrownBy(() -> PemFile.read(folder.resolve("two.key")).privateKey())
                .hasMessageEndingWith("two.key: 2 private keys in it (expected: one)");
    }

    @Test
    void a_file_that_is_being_written_or_broken_is_refused() throws Exception {
        write("half.pem", text("shop.crt").substring(0, 200));
        write("text.pem", "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n");
        write("other.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        write("other.key", "-----BEGIN EC PRIVATE KEY-----\nMIL/\n-----END EC PRIVATE KEY-----\n");

        assertThatThrownBy(() -> PemFile.read(folder.resolve("half.pem")))
                .hasMessageContaining("half.pem: cut off in a block of it");
        assertThatThrownBy(() -> PemFile.read(folder.resolve("text.pem")).certificates())
                .hasMessageContaining(
                        "text.pem: what stands below BEGIN CERTIFICATE cannot be read (expected: base64)");
        assertThatThrownBy(() -> PemFile.read(folder.resolve("other.pem")).certificates())
                .hasMessageContaining("other.pem: certificate 1 in it cannot be read");
        assertThatThrownBy(() -> PemFile.read(folder.resolve("other.key")).privateKey())
                .hasMessageContaining("other.key: the private key cannot be read (expected: an RSA or EC key)");
    }

    @Test
    void a_file_that_is_not_there_and_a_folder_are_told_apart() {
        assertThatThrownBy(() -> PemFile.read(folder.resolve("none")))
                .hasMessage(folder.resolve("none") + ": there is no such file (expected: a PEM file)");
        assertThatThrownBy(() -> PemFile.read(folder)).hasMessage(folder + ": a folder (expected: a PEM file)");
    }

    @Test
    void a_key_is_never_shown() throws Exception {
        assertThat(read("shop.crt", "shop.key").toString())
                .isEqualTo(made.resolve("shop.crt") + " "
                        + read("shop.crt", "shop.key").names());
    }

    @Test
    void a_folder_has_pairs_by_their_names_and_files_with_both() throws Exception {
        write("b.crt", text("shop.crt"));
        write("b.key", text("shop.key"));
        write("a.pem", text("rsa.crt") + text("rsa.key"));
        write(".hidden.pem", "");
        write("notes.txt", "");

        assertThat(new CertificateFolder(folder).files())
                .containsExactly(file("a.pem", "a.pem"), file("b.crt", "b.key"));
        assertThatThrownBy(() -> new CertificateFolder(folder.resolve("none")).files())
                .hasMessageEndingWith("none: there is no such folder (expected: a folder of certificates)");
    }

    private static void openssl(String... arguments) {
        TestAuthority.openssl(made, arguments);
    }

    private static ServerCertificate read(String cert, String key) throws BadTlsFileException {
        return ServerCertificate.read(new CertificateFiles(made.resolve(cert), made.resolve(key)));
    }

    private static String text(String name) throws IOException {
        return Files.readString(made.resolve(name));
    }

    private void write(String name, String text) {
        TestAuthority.write(folder.resolve(name), text);
    }

    private CertificateFiles file(String cert, String key) {
        return new CertificateFiles(folder.resolve(cert), folder.resolve(key));
    }
}
