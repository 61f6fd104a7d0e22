package dev.pointsman.balancer.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.testkit.NeedsPrograms;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Certificates that change in their files while connections stand and are made, by both engines. */
@NeedsPrograms(value = "openssl", debianPackage = "openssl")
@ParameterizedClass(name = "{0}")
@MethodSource("dev.pointsman.balancer.tls.TlsTestFront#engines")
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CertificateReloadTest {
    @TempDir
    static Path made = Path.of(".");

    @RegisterExtension
    private final TlsTestFront tls;

    CertificateReloadTest(String engine) {
        tls = new TlsTestFront(engine, made);
    }

    @BeforeAll
    static void issue() {
        TlsTestFront.issue(made);
    }

    @Test
    void a_renewed_certificate_is_for_new_connections_and_those_there_are_go_on() throws Exception {
        tls.start(null, false, false, false);
        try (SSLSocket before = tls.connect("shop.example.com")) {
            assertThat(tls.ask(before)).startsWith("TLSv1.3");

            tls.put("renewed", "shop");
            CertificateStore.StoreReload reload = tls.store().reload();

            assertThat(reload.problems()).isEmpty();
            assertThat(reload.changes())
                    .singleElement()
                    .asString()
                    .startsWith("certificate " + tls.folder().resolve("shop.crt")
                            + " [shop.example.com] is in force, valid until ");
            assertThat(tls.shownTo("shop.example.com")).isEqualTo("CN=renewed");
            assertThat(tls.ask(before)).startsWith("TLSv1.3");
            // Another change frees what the one before has replaced.
            tls.put("shop", "shop");
            tls.store().reload();
            tls.store().reload();
            assertThat(tls.shownTo("shop.example.com")).isEqualTo("CN=shop");
            assertThat(tls.ask(before)).startsWith("TLSv1.3");
        }
    }

    @Test
    void a_bad_new_certificate_is_refused_with_a_sentence_while_others_are_renewed() throws Exception {
        tls.start(null, false, false, false);

        tls.put("renewed", "shop");
        Files.copy(made.resolve("shop.key"), tls.folder().resolve("wild.key"), StandardCopyOption.REPLACE_EXISTING);
        CertificateStore.StoreReload reload = tls.store().reload();

        assertThat(reload.problems())
                .containsExactly(tls.folder().resolve("wild.crt") + ": not the certificate of the key in "
                        + tls.folder().resolve("wild.key")
                        + " (expected: two that belong together); the one before stays in force");
        assertThat(tls.shownTo("shop.example.com")).isEqualTo("CN=renewed");
        assertThat(tls.shownTo("any.example.com")).isEqualTo("CN=wild");
    }

    @Test
    void a_new_certificate_that_clients_would_refuse_for_its_dates_does_not_replace_a_valid_one() throws Exception {
        tls.start(null, false, false, false);
        tls.put("expired", "shop");
        assertThat(tls.store().reload().problems())
                .singleElement()
                .asString()
                .startsWith(tls.folder().resolve("shop.crt") + ": expired at ")
                .endsWith(" (expected: one that is valid now); the one before stays in force");
        assertThat(tls.store().isComplete()).isFalse();
        assertThat(tls.shownTo("shop.example.com")).isEqualTo("CN=shop");

        tls.put("renewed", "shop");
        assertThat(tls.store().reload().problems()).isEmpty();
        assertThat(tls.store().isComplete()).isTrue();
        assertThat(tls.shownTo("shop.example.com")).isEqualTo("CN=renewed");
    }

    @Test
    void certificates_come_and_go_in_a_folder_and_the_last_stays() throws Exception {
        tls.start(null, false, false, false);
        tls.put("renewed", "new");
        Files.delete(tls.folder().resolve("wild.crt"));

        CertificateStore.StoreReload reload = tls.store().reload();

        assertThat(reload.changes())
                .hasSize(2)
                .anyMatch(each -> each.endsWith("wild.crt [*.example.com] is not used any more"));
        assertThat(tls.shownTo("any.example.com")).isEqualTo("CN=first");
        for (String name : List.of("first", "shop", "new")) {
            Files.delete(tls.folder().resolve(name + ".crt"));
        }
        assertThat(tls.store().reload().problems()).singleElement().asString().contains("no certificate");
        assertThat(tls.shownTo(null)).isEqualTo("CN=first");
    }

    @Test
    void no_connection_is_lost_while_certificates_are_exchanged_again_and_again() throws Exception {
        tls.start(null, false, false, false);
        List<Throwable> failed = new ArrayList<>();
        Thread clients = new Thread(() -> {
            try {
                for (int i = 0; i < 60; i++) {
                    try (SSLSocket socket = tls.connect("shop.example.com")) {
                        assertThat(tls.ask(socket)).startsWith("TLSv1.3");
                    }
                }
            } catch (Throwable lost) {
                failed.add(lost);
            }
        });
        clients.start();
        for (int i = 0; clients.isAlive(); i++) {
            tls.put(i % 2 == 0 ? "renewed" : "shop", "shop");
            assertThat(tls.store().reload().problems()).isEmpty();
        }
        clients.join();

        assertThat(failed).isEmpty();
    }
}
