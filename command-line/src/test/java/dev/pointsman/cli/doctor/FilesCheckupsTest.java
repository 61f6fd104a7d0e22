package dev.pointsman.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.cli.doctor.FoldersCheckup.DiskRoom;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesCheckupsTest {
    private static final DiskRoom ROOMY = new DiskRoom("/", 50L << 30, 100L << 30);

    /** Valid until 2027-11-29T01:57:17Z. */
    private static final String CERTIFICATE = """
            -----BEGIN CERTIFICATE-----
            MIIBgDCCASegAwIBAgIUV+Oove5OHnmv5C0WyoQK//hP2a4wCgYIKoZIzj0EAwIw
            FjEUMBIGA1UEAwwLY29uc3VsLnRlc3QwHhcNMjYxMTI5MDE1NzE3WhcNMjcxMTI5
            MDE1NzE3WjAWMRQwEgYDVQQDDAtjb25zdWwudGVzdDBZMBMGByqGSM49AgEGCCqG
            SM49AwEHA0IABEQCk3Pjubn42hAGnYcPZvvKl8a9VEER6Zd20zJwFEQUo1kHTV46
            BbreQBt0Y0mlLGvEpLQt3elC+KbH3dQUHuejUzBRMB0GA1UdDgQWBBRkzFy+x1Ts
            z8ZzGHNaTNvny6XJ5DAfBgNVHSMEGDAWgBRkzFy+x1Tsz8ZzGHNaTNvny6XJ5DAP
            BgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIHCUr8gKZh5dWXHP32IB
            UZdzmLnr4Ma00fKFGlY4kUbPAiBvvD/9TbmF+4Lmhb1UDYCoLjEVVa8CiteW2E+c
            pM6HKQ==
            -----END CERTIFICATE-----
            """;

    @TempDir
    private Path home = Path.of(".");

    private Path file(String name, String text, String mode) throws Exception {
        Path file = home.resolve(name);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        return file;
    }

    @Test
    void a_file_with_a_secret_that_everybody_can_read_is_an_error_without_the_secret_in_it() throws Exception {
        Path file = file("p.yaml", "sticky-secret: abcdefghijklmnop\nroute: {/: x}\n", "rw-r--r--");
        DoctorConfig config = DoctorConfig.read(file, null, Map.of());

        Finding found = new SecretFilesCheckup(config.secretFiles(Map.of()), Set.of(file))
                .findings()
                .get(0);

        assertThat(found.level()).isEqualTo(Finding.FindingLevel.ERROR);
        assertThat(found.what())
                .isEqualTo("holds sticky-secret, and every user of this machine can read it (rw-r--r--)");
        assertThat(found.toString()).doesNotContain("abcdefghijklmnop");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(Lines.of(new SecretFilesCheckup(config.secretFiles(Map.of()), Set.of(file))))
                .containsExactly("ok secret-files: is not for everybody (rw-r-----)");
    }

    @Test
    void a_secret_that_comes_from_a_variable_is_none_of_the_file() throws Exception {
        Path file = file("p.yaml", "admin-token: ${TOKEN}\nroute: {/: x}\n", "rw-r--r--");
        Map<String, String> environment = Map.of("TOKEN", "0123456789abcdef");

        assertThat(DoctorConfig.read(file, null, environment).secretFiles(environment))
                .isEmpty();
    }

    @Test
    void files_that_hold_nothing_but_a_secret_are_looked_at_too() throws Exception {
        Path token = file("token", "0123456789abcdef", "rw-r--r--");
        Path acl = file("acl", "aa", "rw-r--r--");
        Path users = file("users", "", "rw-------");
        Path file = file(
                "p.yaml",
                "admin-token-file: " + token + "\nexplain-secret-file: " + token
                        + "\nroute:\n  /: {to: x, auth: {file: " + users + "}}\n",
                "rw-r--r--");
        Map<String, String> environment = Map.of("CONSUL_HTTP_TOKEN_FILE", acl.toString());

        assertThat(DoctorConfig.read(file, null, environment)
                        .secretFiles(environment)
                        .keySet())
                .contains(token, acl, users);
    }

    @Test
    void a_configuration_that_everybody_can_write_is_an_error() throws Exception {
        Path file = file("p.yaml", "route: {/: x}\n", "rw-rw-rw-");

        assertThat(Lines.of(new SecretFilesCheckup(Map.of(), Set.of(file))))
                .containsExactly("error secret-files: can be written by every user of this machine (rw-rw-rw-)");
    }

    @Test
    void what_is_wrong_in_a_file_does_not_keep_the_rest_from_being_looked_at() throws Exception {
        Path file = file(
                "p.yaml",
                "port: 8081\nview-file: /no/such/folder/x\nroute:\n  /a: {to: x, queue: no}\n  /b: y\n",
                "rw-------");

        DoctorConfig config = DoctorConfig.read(file, null, Map.of());

        assertThat(config.problems()).hasSize(2);
        assertThat(Objects.requireNonNull(config.config()).listen().port()).isEqualTo(8081);
        assertThat(config.targets()).containsExactly("y");
    }

    @Test
    void a_folder_that_is_missing_is_an_error() throws Exception {
        assertThat(Lines.of(new FoldersCheckup(
                        Map.of("access-log", home.resolve("logs/access.log"), "view-file", home.resolve("view.json")),
                        folder -> ROOMY)))
                .containsExactly(
                        "error folders: there is no folder " + home.resolve("logs"),
                        "ok folders: can be written by this user",
                        "ok disk: 51200 MB of 102400 MB are free");
    }

    @Test
    void a_disk_that_is_nearly_full_is_a_warning_and_a_full_one_an_error() throws Exception {
        Map<String, Path> files = Map.of("view-file", home.resolve("view.json"));

        assertThat(Lines.of(new FoldersCheckup(files, folder -> new DiskRoom("/var", 100L << 20, 10L << 30))))
                .contains("warning disk: 100 MB of 10240 MB are free");
        assertThat(Lines.of(new FoldersCheckup(files, folder -> new DiskRoom("/var", 1L << 20, 10L << 30))))
                .contains("error disk: 1 MB of 10240 MB are free");
    }

    @Test
    void a_certificate_is_looked_at_before_it_expires() throws Exception {
        Path file = file("cert.pem", CERTIFICATE, "rw-r--r--");
        Instant end = Instant.parse("2027-11-29T01:57:17Z");

        assertThat(Lines.of(at(file, end.minusSeconds(30 * 86_400))))
                .containsExactly("ok certificates: is valid until " + end);
        assertThat(Lines.of(at(file, end.minusSeconds(86_400))))
                .containsExactly("warning certificates: expires at " + end);
        assertThat(Lines.of(at(file, end.plusSeconds(1)))).containsExactly("error certificates: expired at " + end);
        assertThat(Lines.of(at(file("bad.pem", "x", "rw-------"), end)))
                .hasSize(1)
                .allMatch(line -> line.startsWith("error certificates: cannot be read as a certificate: "));
    }

    @Test
    void a_certificate_for_instances_is_looked_at_too() throws Exception {
        Path none = home.resolve("none.pem");

        assertThat(new CertificatesCheckup(Map.of(), Map.of("upstream-ca", none), List.of(), InstantSource.system())
                        .findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.toString())
                        .contains("upstream-ca: " + none)
                        .contains("no connection to instances over TLS stands"));
    }

    private static CertificatesCheckup at(Path file, Instant now) {
        return new CertificatesCheckup(Map.of("CONSUL_CACERT", file), Map.of(), List.of(), InstantSource.fixed(now));
    }
}
