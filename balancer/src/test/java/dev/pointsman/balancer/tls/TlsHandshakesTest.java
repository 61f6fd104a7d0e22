package dev.pointsman.balancer.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pointsman.testkit.NeedsPrograms;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Handshakes with clients, by both engines: openssl and the JDK on the other side. */
@NeedsPrograms(value = "openssl", debianPackage = "openssl")
@ParameterizedClass(name = "{0}")
@MethodSource("dev.pointsman.balancer.tls.TlsTestFront#engines")
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsHandshakesTest {
    @TempDir
    static Path made = Path.of(".");

    @RegisterExtension
    private final TlsTestFront tls;

    TlsHandshakesTest(String engine) {
        tls = new TlsTestFront(engine, made);
    }

    @BeforeAll
    static void issue() {
        TlsTestFront.issue(made);
    }

    @Test
    void each_client_gets_the_certificate_for_the_name_that_it_asks_for() throws Exception {
        tls.start(null, false, false, false);

        assertThat(tls.shownTo("shop.example.com")).isEqualTo("CN=shop");
        assertThat(tls.shownTo("SHOP.example.com")).isEqualTo("CN=shop");
        assertThat(tls.shownTo("any.example.com")).isEqualTo("CN=wild");
        assertThat(tls.shownTo("a.any.example.com")).isEqualTo("CN=first");
        assertThat(tls.shownTo(null)).isEqualTo("CN=first");
    }

    @Test
    void tls_1_2_and_1_3_are_spoken_and_nothing_older() throws Exception {
        tls.start(null, false, false, false);

        assertThat(tls.openssl("-tls1_3")).contains("TLSv1.3 null null").contains("TLSv1.3, Cipher is TLS_AES_");
        assertThat(tls.openssl("-tls1_2")).contains("TLSv1.2 null null").contains("TLSv1.2, Cipher is ECDHE-ECDSA-AES");
        assertThat(tls.openssl("-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0")).contains("alert protocol version");
        assertThat(tls.openssl("-tls1_2", "-cipher", "AES128-SHA")).contains("handshake failure");
        assertThat(tls.failures("nothing-in-common")).isEqualTo(2);
        assertThat(tls.server().counts().completed()).isEqualTo(2);
    }

    @Test
    void tls_1_3_can_be_the_least() throws Exception {
        tls.start(null, false, true, false);

        assertThat(tls.openssl("-tls1_3")).contains("TLSv1.3 null");
        assertThat(tls.openssl("-tls1_2")).contains("alert protocol version");
    }

    @Test
    void http_2_is_offered_only_where_it_is_spoken() throws Exception {
        tls.start(null, false, false, false);
        assertThat(tls.openssl("-alpn", "h2,http/1.1"))
                .contains("ALPN protocol: http/1.1")
                .contains("TLSv1.3 http/1.1");
        assertThat(tls.openssl("-alpn", "h2")).contains("alert no application protocol");
        tls.close();

        tls.start(null, false, false, true);
        assertThat(tls.openssl("-alpn", "http/1.1,h2")).contains("ALPN protocol: h2");
        assertThat(tls.openssl("-alpn", "http/1.1")).contains("ALPN protocol: http/1.1");
        assertThat(tls.openssl("-alpn", "gopher,http/1.1")).contains("ALPN protocol: http/1.1");
        assertThat(tls.openssl()).contains("No ALPN negotiated").contains("TLSv1.3 null");
    }

    @Test
    void a_client_that_offers_other_protocols_alone_is_refused_by_an_alert() throws Exception {
        tls.start(null, false, false, true);

        for (String version : List.of("-tls1_2", "-tls1_3")) {
            assertThat(tls.openssl(version, "-alpn", "gopher,http/1.0"))
                    .contains("alert no application protocol")
                    .doesNotContain("null null");
        }
        await().untilAsserted(
                        () -> assertThat(tls.failures("nothing-in-common")).isEqualTo(2));
    }

    @Test
    void a_client_that_trickles_its_handshake_is_left_behind() throws Exception {
        tls.start(null, false, false, false, Duration.ofMillis(200));
        try (Socket silent = new Socket(
                        InetAddress.getLoopbackAddress(), tls.server().port());
                Socket slow = new Socket(
                        InetAddress.getLoopbackAddress(), tls.server().port())) {
            slow.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1, 0, 1});

            assertThat(slow.getInputStream().read()).isEqualTo(-1);
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }
        await().untilAsserted(() -> assertThat(tls.failures("timeout")).isEqualTo(2));
    }

    @Test
    void a_rush_of_handshakes_does_not_keep_those_waiting_who_have_come_before() throws Exception {
        tls.start(null, false, false, false, Duration.ofMinutes(1));
        byte[] hello = hello("first.example.com");
        List<Socket> rush = new ArrayList<>();
        try (SSLSocket before = tls.connect("first.example.com")) {
            tls.ask(before);
            for (int i = 0; i < 30; i++) {
                rush.add(new Socket(
                        InetAddress.getLoopbackAddress(), tls.server().port()));
            }
            await().until(() -> tls.server().accepted() == 31);
            CountDownLatch held = tls.server().hold();
            for (Socket each : rush) {
                each.getOutputStream().write(hello);
            }
            before.getOutputStream().write('x');
            held.countDown();

            assertThat(before.getInputStream().read()).isPositive();
            assertThat(tls.server().answeredBeforeEcho())
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
        tls.start(null, false, false, false);

        assertThat(tls.sent("GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 400 Bad Request\r\n")
                .endsWith("\r\n\r\n400 this port speaks TLS: come by https\n");
        assertThat(tls.sent("\u0001\u0002\u0003")).isEmpty();
        await().untilAsserted(() -> assertThat(tls.failures("not-tls")).isEqualTo(2));
        assertThat(tls.server().counts().completed()).isZero();
    }

    @Test
    void bytes_without_a_meaning_and_a_client_that_leaves_are_counted() throws Exception {
        tls.start(null, false, false, false);

        tls.sent("\u0016\u0003\u0001\u0000\u0005aaaaa");
        try (Socket gone =
                new Socket(InetAddress.getLoopbackAddress(), tls.server().port())) {
            gone.getOutputStream().write(22);
        }
        await().untilAsserted(() -> assertThat(tls.failures("closed")).isEqualTo(1));
        await().untilAsserted(() -> assertThat(tls.server().counts().failures().values().stream()
                        .mapToLong(n -> n)
                        .sum())
                .isEqualTo(2));
    }

    @Test
    void a_client_that_does_not_trust_us_is_told_apart() throws Exception {
        tls.start(null, false, false, false);

        assertThatThrownBy(() -> {
                    try (SSLSocket socket = tls.connect("shop.example.com", "other")) {
                        tls.ask(socket);
                    }
                })
                .isInstanceOf(SSLException.class);
        await().untilAsserted(
                        () -> assertThat(tls.failures("refused-by-client")).isEqualTo(1));
    }
}
