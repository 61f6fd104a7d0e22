package dev.pointsman.balancer.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pointsman.testkit.NeedsPrograms;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Sessions that are resumed, and those that must not be, by both engines. */
@NeedsPrograms(value = "openssl", debianPackage = "openssl")
@ParameterizedClass(name = "{0}")
@MethodSource("dev.pointsman.balancer.tls.TlsTestFront#engines")
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsSessionsTest {
    @TempDir
    static Path made = Path.of(".");

    @RegisterExtension
    private final TlsTestFront tls;

    TlsSessionsTest(String engine) {
        tls = new TlsTestFront(engine, made);
    }

    @BeforeAll
    static void issue() {
        TlsTestFront.issue(made);
    }

    @Test
    void sessions_are_resumed_in_both_versions() throws Exception {
        tls.start(null, false, false, false);

        for (String version : List.of("-tls1_2", "-tls1_3")) {
            assertThat(tls.openssl(version, "-sess_out", "s.pem")).contains("New, TLSv1.");
            assertThat(tls.openssl(version, "-sess_in", "s.pem"))
                    .as(version)
                    .contains("Reused, TLSv1.")
                    .contains("null null");
        }
    }

    /** Of BoringSSL: the JDK gives nobody its keys. */
    @Test
    void sessions_are_resumed_by_the_process_that_takes_over_and_for_a_day() throws Exception {
        assumeTrue(tls.isBoringSsl());
        tls.start(null, false, false, false);
        tls.openssl("-tls1_2", "-sess_out", "12.pem");
        tls.openssl("-tls1_3", "-sess_out", "13.pem");
        List<String> handedOn = tls.store().tickets().texts();
        tls.close();

        tls.inherits(Objects.requireNonNull(TicketSecrets.of(handedOn, new SecureRandom())));
        tls.start(null, false, false, false);
        assertThat(tls.openssl("-tls1_2", "-sess_in", "12.pem")).contains("Reused, TLSv1.2");
        assertThat(tls.openssl("-tls1_3", "-sess_in", "13.pem")).contains("Reused, TLSv1.3");

        for (int day = 0; day < 2; day++) {
            tls.pass(TicketSecrets.PERIOD);
            tls.store().renewTickets();
            assertThat(tls.openssl("-tls1_3", "-sess_in", "13.pem")).contains("Reused, TLSv1.3");
        }
        tls.pass(TicketSecrets.PERIOD);
        tls.store().renewTickets();
        assertThat(tls.openssl("-tls1_3", "-sess_in", "13.pem")).contains("New, TLSv1.3");
        assertThat(tls.store().tickets().texts()).hasSize(3).doesNotContainAnyElementsOf(handedOn);
    }

    @Test
    void no_ticket_is_taken_by_a_process_that_was_not_given_the_secrets() throws Exception {
        tls.start(null, false, false, false);
        tls.openssl("-tls1_3", "-sess_out", "13.pem");
        tls.close();

        tls.inherits(TicketSecrets.begin(tls.now(), new SecureRandom()));
        tls.start(null, false, false, false);
        assertThat(tls.openssl("-tls1_3", "-sess_in", "13.pem")).contains("New, TLSv1.3");
    }

    @Test
    void a_resumed_session_still_knows_its_client_s_subject() throws Exception {
        tls.start("ca", true, false, false);

        for (String version : List.of("-tls1_2", "-tls1_3")) {
            tls.openssl(version, "-sess_out", "s.pem", "-cert", "alice.crt", "-key", "alice.key");
            assertThat(tls.openssl(version, "-sess_in", "s.pem", "-cert", "alice.crt", "-key", "alice.key"))
                    .as(version)
                    .contains("Reused, TLSv1.")
                    .contains("null CN=al\\C3\\AFce,O=Shop");
        }
    }

    @Test
    void no_session_is_resumed_under_another_rule_for_clients() throws Exception {
        tls.start(null, false, false, false);
        tls.openssl("-tls1_2", "-sess_out", "12.pem");
        tls.openssl("-tls1_3", "-sess_out", "13.pem");

        tls.reload(tls.source("ca", true, false));

        for (String session : List.of("12", "13")) {
            String said = tls.openssl("-tls1_" + session.charAt(1), "-sess_in", session + ".pem");
            assertThat(said).doesNotContain("Reused").doesNotContain("null null");
        }
        assertThat(tls.openssl("-tls1_2", "-sess_in", "12.pem", "-cert", "alice.crt", "-key", "alice.key"))
                .contains("New, TLSv1.2")
                .contains("O=Shop");
    }

    @Test
    void a_session_of_one_authority_is_not_resumed_under_another() throws Exception {
        tls.start("ca", true, false, false);
        tls.openssl("-tls1_3", "-sess_out", "s.pem", "-cert", "alice.crt", "-key", "alice.key");

        tls.reload(tls.source("other", true, false));

        assertThat(tls.openssl("-tls1_3", "-sess_in", "s.pem", "-cert", "alice.crt", "-key", "alice.key"))
                .doesNotContain("Reused")
                .doesNotContain("O=Shop\n");
    }
}
