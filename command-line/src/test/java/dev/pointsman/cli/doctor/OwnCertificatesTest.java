package dev.pointsman.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.testkit.NeedsPrograms;
import dev.pointsman.testkit.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The certificates that clients are shown, as doctor looks at them. */
@NeedsPrograms(value = "openssl", debianPackage = "openssl")
class OwnCertificatesTest {
    @TempDir
    private Path folder = Path.of(".");

    @BeforeEach
    void make() {
        TestAuthority authority = TestAuthority.in(folder, "ca");
        authority.issue("one", "/CN=one", "a.example.com");
        authority.issueUntilYesterday("old", "/CN=old", "a.example.com");
    }

    private DoctorConfig config(String... names) throws IOException {
        StringBuilder yaml = new StringBuilder("listen: [{address: \":8443\", tls: true}]\ntls:\n");
        for (String name : names) {
            yaml.append("  - {cert: %1$s/%2$s.crt, key: %1$s/%2$s.key}\n".formatted(folder, name));
        }
        return DoctorConfig.read(Files.writeString(folder.resolve("p.yaml"), yaml), null, Map.of());
    }

    private static List<String> look(DoctorConfig config) throws InterruptedException {
        return Lines.of(new CertificatesCheckup(Map.of(), Map.of(), config.ownCertificates(), InstantSource.system()));
    }

    @Test
    void what_clients_would_refuse_is_said_and_a_second_one_for_a_name() throws Exception {
        assertThat(look(config("one", "old")))
                .hasSize(3)
                .anyMatch(line -> line.matches("warning certificates: expires at .*; from then on clients refuse it"))
                .anyMatch(line -> line.matches("error certificates: expired at .*; clients refuse it"))
                .contains("note certificates: is for a.example.com, and so is " + folder.resolve("one.crt")
                        + ", which counts");
    }

    @Test
    void a_chain_without_its_intermediate_is_a_warning() throws Exception {
        Files.writeString(
                folder.resolve("aia.ext"),
                "subjectAltName=DNS:b.example.com\nauthorityInfoAccess=caIssuers;URI:http://ca.example/ca.crt\n");
        TestAuthority.openssl(
                folder,
                "x509",
                "-req",
                "-days",
                "90",
                "-in",
                "one.csr",
                "-CA",
                "ca.crt",
                "-CAkey",
                "ca.key",
                "-set_serial",
                "77",
                "-out",
                "aia.crt",
                "-extfile",
                "aia.ext");
        Files.copy(folder.resolve("one.key"), folder.resolve("aia.key"));

        assertThat(look(config("aia")))
                .singleElement()
                .asString()
                .startsWith("warning certificates: is issued by CN=ca, which the JDK does not know");
    }

    @Test
    void the_key_is_a_secret() throws Exception {
        assertThat(config("one").secretFiles(Map.of()))
                .containsEntry(folder.resolve("one.key"), "the key of a certificate for clients");
    }
}
