package dev.pointsman.balancer.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.testkit.NeedsPrograms;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Certificates of clients, by both engines. */
@NeedsPrograms(value = "openssl", debianPackage = "openssl")
@ParameterizedClass(name = "{0}")
@MethodSource("dev.pointsman.balancer.tls.TlsTestFront#engines")
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsClientCertificatesTest {
    @TempDir
    static Path made = Path.of(".");

    @RegisterExtension
    private final TlsTestFront tls;

    TlsClientCertificatesTest(String engine) {
        tls = new TlsTestFront(engine, made);
    }

    @BeforeAll
    static void issue() {
        TlsTestFront.issue(made);
    }

    @Test
    void a_client_that_has_to_show_a_certificate_is_refused_without_one_and_with_one_of_another_authority()
            throws Exception {
        tls.start("ca", true, false, false);

        assertThat(tls.openssl()).doesNotContain("null null");
        assertThat(tls.openssl("-cert", "mallory.crt", "-key", "mallory.key")).doesNotContain("O=Shop\n");
        assertThat(tls.openssl("-cert", "alice.crt", "-key", "alice.key")).contains("null CN=al\\C3\\AFce,O=Shop");
        await().untilAsserted(() -> {
            assertThat(tls.failures("no-client-certificate")).isEqualTo(1);
            assertThat(tls.failures("bad-client-certificate")).isEqualTo(1);
        });
    }

    @Test
    void a_client_that_is_asked_for_a_certificate_may_have_none_but_not_a_bad_one() throws Exception {
        tls.start("ca", false, false, false);

        assertThat(tls.openssl()).contains("null null");
        assertThat(tls.openssl("-cert", "mallory.crt", "-key", "mallory.key")).doesNotContain("O=Shop\n");
        assertThat(tls.openssl("-cert", "alice.crt", "-key", "alice.key")).contains("null CN=al\\C3\\AFce,O=Shop");
    }

    @Test
    void authorities_that_cannot_be_read_any_more_stay_in_force() throws Exception {
        tls.start("ca", true, false, false);
        Files.writeString(tls.authorities(), "nothing\n");

        assertThat(tls.store().reload().problems())
                .singleElement()
                .asString()
                .endsWith(
                        "ca.pem: no certificate in it (expected: a PEM file with BEGIN CERTIFICATE); the authorities before"
                                + " stay in force");
        assertThat(tls.openssl()).doesNotContain("null null");
    }
}
