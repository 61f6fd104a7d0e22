package dev.pointsman.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.balancer.live.ReloadOutcome;
import dev.pointsman.balancer.live.ReloadOutcome.ReloadKind;
import dev.pointsman.balancer.testkit.CapturedLog;
import dev.pointsman.balancer.testkit.ReloadableBalancer;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestCertificates;
import dev.pointsman.balancer.testkit.TlsInstance;
import dev.pointsman.testkit.NeedsPrograms;
import dev.pointsman.testkit.TestHttp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The files by which a whole balancer's connections to instances are secured, exchanged while it serves. */
@NeedsPrograms(value = "openssl", debianPackage = "openssl")
class UpstreamTlsReloadTest {
    @TempDir
    static Path made = Path.of(".");

    private static TestCertificates certificates;
    private static String first;
    private static String second;

    @TempDir
    private Path folder = Path.of(".");

    @RegisterExtension
    private final ReloadableBalancer balancer = new ReloadableBalancer(() -> folder, "/plain", "");

    @RegisterExtension
    private final CapturedLog log = new CapturedLog();

    private @Nullable ScriptedUpstream instance;
    private Path authorities = Path.of(".");

    @BeforeAll
    static void make() throws Exception {
        certificates = new TestCertificates(made);
        first = Files.readString(certificates.authority());
        second = Files.readString(certificates.otherAuthority());
    }

    @BeforeEach
    void start() throws Exception {
        authorities = Files.writeString(folder.resolve("ca.pem"), first);
        ScriptedUpstream started = ScriptedUpstream.secured(
                TlsInstance.showing(certificates.named()),
                (request, wire) -> wire.respond(200, "over TLS", "Connection: close"));
        instance = started;
        balancer.write("/plain", """
                  /tls:
                    to: https://127.0.0.1:%d
                    server-name: api.internal
                upstream-ca: %s
                """.formatted(started.port(), authorities));
        assertThat(balancer.reload().kind()).isEqualTo(ReloadKind.APPLIED);
    }

    @AfterEach
    void stop() throws Exception {
        Objects.requireNonNull(instance).close();
    }

    private int status() throws Exception {
        return balancer.client().get("/tls").status();
    }

    @Test
    void new_connections_trust_what_is_in_the_file_by_now() throws Exception {
        assertThat(status()).isEqualTo(200);

        Files.writeString(authorities, second);
        ReloadOutcome applied = balancer.reload();
        assertThat(applied.kind()).isEqualTo(ReloadKind.APPLIED);
        assertThat(applied.state().changes()).containsExactly(authorities + ": read again");
        assertThat(status()).isEqualTo(502);

        Files.writeString(authorities, second + first);
        balancer.reload();
        // It was ejected, and fails open.
        assertThat(status()).isEqualTo(200);
    }

    @Test
    void a_file_that_holds_what_it_held_changes_nothing() throws Exception {
        Files.writeString(authorities, first);

        assertThat(balancer.reload().kind()).isEqualTo(ReloadKind.UNCHANGED);
    }

    @Test
    void a_bad_file_is_refused_with_one_sentence_and_what_was_trusted_stays() throws Exception {
        Files.writeString(authorities, first.substring(0, 200));

        ReloadOutcome refused = balancer.reload();

        assertThat(refused.kind()).isEqualTo(ReloadKind.REFUSED);
        assertThat(Objects.requireNonNull(refused.state().refused()).problems())
                .singleElement()
                .asString()
                .startsWith(balancer.file() + ":")
                .contains("upstream-ca: " + authorities + ": cut off");
        assertThat(status()).isEqualTo(200);

        Files.writeString(authorities, first + second);
        assertThat(balancer.reload().kind()).isEqualTo(ReloadKind.APPLIED);
        assertThat(status()).isEqualTo(200);
    }

    @Test
    void authorities_are_exchanged_under_load_without_a_failed_request() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService clients = Executors.newFixedThreadPool(4);
        try {
            List<Future<Integer>> served = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                served.add(clients.submit(load(balancer.client(), over)));
            }
            for (int i = 0; i < 20; i++) {
                Files.writeString(authorities, i % 2 == 0 ? first + second : first);
                assertThat(balancer.reload().kind()).isEqualTo(ReloadKind.APPLIED);
            }
            over.set(true);
            for (Future<Integer> each : served) {
                assertThat(each.get(20, TimeUnit.SECONDS)).isPositive();
            }
        } finally {
            over.set(true);
            clients.shutdownNow();
        }
    }

    private static Callable<Integer> load(TestHttp client, AtomicBoolean over) {
        return () -> {
            int served = 0;
            while (!over.get() || served == 0) {
                assertThat(client.get("/tls").status()).isEqualTo(200);
                served++;
            }
            return served;
        };
    }

    @Test
    void that_certificates_are_not_verified_is_said_once() throws Exception {
        balancer.write("/plain", """
                  /tls:
                    to: https://127.0.0.1:%d
                    tls-skip-verify: true
                """.formatted(Objects.requireNonNull(instance).port()));
        balancer.reload();
        for (int i = 0; i < 3; i++) {
            assertThat(status()).isEqualTo(200);
        }
        await().untilAsserted(() -> assertThat(log.text()).containsOnlyOnce("tls-skip-verify: "));
    }

    @Test
    void an_explanation_says_that_a_route_is_spoken_over_tls() throws Exception {
        assertThat(balancer.admin().get("/api/explain?url=http://x/tls").body())
                .contains("https, server-name api.internal");
    }
}
