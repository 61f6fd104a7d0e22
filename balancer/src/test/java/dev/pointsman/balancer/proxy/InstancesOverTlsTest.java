package dev.pointsman.balancer.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.balancer.testkit.CapturedLog;
import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestCertificates;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.TlsInstance;
import dev.pointsman.balancer.testkit.WebSocketHandshake;
import dev.pointsman.balancer.testkit.Wire;
import dev.pointsman.testkit.NeedsPrograms;
import dev.pointsman.testkit.TestAuthority.Issued;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS to instances: whom it trusts, what a failure of it is, and connections that are kept. */
@NeedsPrograms(value = "openssl", debianPackage = "openssl")
class InstancesOverTlsTest {
    private static final String JSON = "Accept: application/json";
    private static final ScriptedUpstream.Response OK = (request, wire) -> wire.respond(200, "ok");

    @TempDir
    static Path folder = Path.of(".");

    private static TestCertificates certificates;
    private static Issued named;
    private static Issued addressed;

    @RegisterExtension
    private final TestProxy proxy = new TestProxy();

    @RegisterExtension
    private final CapturedLog log = new CapturedLog();

    @BeforeAll
    static void make() {
        certificates = new TestCertificates(folder);
        named = certificates.named();
        addressed = certificates.addressed();
    }

    /** Has the route's instances spoken to over TLS. */
    private void secure(String options, String... settings) throws Exception {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("route=/=svc;proto=https" + options);
        proxy.reload(all.toArray(new String[0]));
    }

    private void trusting(String options, String... settings) throws Exception {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("upstream-ca=" + certificates.authority());
        secure(options, all.toArray(new String[0]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void an_instance_whose_certificate_is_for_the_name_that_is_expected_gets_requests(String version) throws Exception {
        TlsInstance tls = TlsInstance.showing(named).speaking(version);
        ScriptedUpstream upstream = proxy.upstream(tls, OK);
        trusting(";server-name=api.internal");

        assertThat(proxy.get("/x").body()).isEqualTo("ok");

        SSLSocket socket = tls.sockets().get(0);
        assertThat(socket.getSession().getProtocol()).isEqualTo(version);
        assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
        assertThat(((ExtendedSSLSession) socket.getSession()).getRequestedServerNames())
                .hasToString("[type=host_name (0), value=api.internal]");
        assertThat(upstream.onlyRequest().head().all("x-forwarded-proto")).containsExactly("http");
        assertThat(upstream.onlyRequest().head().all("host")).containsExactly("example.com");
    }

    @Test
    void a_name_for_all_instances_is_one_setting() throws Exception {
        proxy.upstream(TlsInstance.showing(named), OK);
        trusting("", "upstream-server-name=api.internal");

        assertThat(proxy.get("/x").body()).isEqualTo("ok");
    }

    @Test
    void an_instance_that_registered_an_address_shows_a_certificate_for_that_address() throws Exception {
        TlsInstance tls = TlsInstance.showing(addressed);
        proxy.upstream(tls, OK);
        trusting("");

        assertThat(proxy.get("/x").body()).isEqualTo("ok");
        assertThat(((ExtendedSSLSession) tls.sockets().get(0).getSession()).getRequestedServerNames())
                .isEmpty();
    }

    @Test
    void a_certificate_for_another_name_is_refused_and_the_log_says_which_names_it_is_for() throws Exception {
        proxy.upstream(TlsInstance.showing(named), OK);
        trusting(";server-name=shop.internal");

        failsAs("certificate-name");
        assertThat(log.text())
                .contains("the service's certificate is for another name after 1 attempt(s)")
                .contains("its certificate is for api.internal, not for shop.internal");
    }

    @Test
    void a_certificate_without_the_instance_s_address_is_refused_where_no_name_is_set() throws Exception {
        proxy.upstream(TlsInstance.showing(named), OK);
        trusting("");

        failsAs("certificate-name");
    }

    @Test
    void a_certificate_of_an_authority_that_is_not_trusted_is_refused() throws Exception {
        proxy.upstream(TlsInstance.showing(certificates.ofOther()), OK);
        trusting(";server-name=api.internal");

        failsAs("certificate-not-trusted");
        assertThat(log.text()).contains("issued by CN=other-ca, leads to no authority that is trusted");
    }

    @Test
    void the_authorities_of_the_jdk_are_trusted_where_none_are_given() throws Exception {
        proxy.upstream(TlsInstance.showing(addressed), OK);
        secure("");

        failsAs("certificate-not-trusted");
    }

    @Test
    void a_certificate_past_its_time_is_refused() throws Exception {
        proxy.upstream(TlsInstance.showing(certificates.expired()), OK);
        trusting("");

        failsAs("certificate-expired");
        assertThat(log.text()).contains("its certificate expired at ");
    }

    @Test
    void a_certificate_past_its_time_is_refused_even_where_it_is_trusted_itself() throws Exception {
        Issued expired = certificates.expired();
        proxy.upstream(TlsInstance.showing(expired), OK);
        secure("", "upstream-ca=" + expired.cert());

        failsAs("certificate-expired");
    }

    @Test
    void any_certificate_will_do_where_it_is_not_verified() throws Exception {
        proxy.upstream(TlsInstance.showing(certificates.expired()), OK);
        secure(";server-name=shop.internal;tls-skip-verify");

        assertThat(proxy.get("/x").body()).isEqualTo("ok");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void an_instance_that_asks_for_a_certificate_gets_the_balancer_s(String version) throws Exception {
        TlsInstance tls =
                TlsInstance.asking(addressed, certificates.authority()).speaking(version);
        proxy.upstream(tls, OK);
        Issued own = certificates.balancer();
        trusting("", "upstream-cert=" + own.cert(), "upstream-key=" + own.key());

        assertThat(proxy.get("/x").body()).isEqualTo("ok");
        assertThat(tls.sockets().get(0).getSession().getPeerPrincipal()).hasToString("CN=balancer");
    }

    @Test
    void an_instance_that_gets_no_certificate_though_it_asks_for_one_serves_nothing() throws Exception {
        proxy.upstream(TlsInstance.asking(addressed, certificates.authority()).speaking("TLSv1.2"), OK);
        trusting("");

        failsAs("tls-failed");
        assertThat(log.text()).contains("the TLS handshake failed: ");
    }

    @Test
    void with_tls_1_3_it_says_so_after_the_handshake() throws Exception {
        proxy.upstream(TlsInstance.asking(addressed, certificates.authority()).speaking("TLSv1.3"), OK);
        trusting("");

        Message refused = proxy.get("/x", JSON);

        assertThat(refused.head().status()).isEqualTo(502);
        assertThat(refused.body()).containsAnyOf("\"error\":\"tls-broken\"", "\"error\":\"broken-response\"");
    }

    @Test
    void an_instance_that_speaks_in_clear_text_is_no_secure_one() throws Exception {
        proxy.rawUpstream(wire -> {
            wire.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            wire.readToEnd();
        });
        trusting("");

        failsAs("tls-failed");
        assertThat(log.text()).contains("it does not speak TLS");
    }

    @Test
    void an_instance_that_closes_in_the_handshake_is_no_secure_one() throws Exception {
        proxy.rawUpstream(wire -> wire.read(5));
        trusting("");

        failsAs("tls-failed");
        assertThat(log.text()).contains("it closed the connection during the TLS handshake");
    }

    @Test
    void an_instance_with_tls_that_is_spoken_to_in_clear_text_is_told_apart_from_one_that_is_gone() throws Exception {
        proxy.upstream(TlsInstance.showing(addressed), OK);

        Message failed = proxy.get("/x", JSON);

        assertThat(failed.head().status()).isEqualTo(502);
        assertThat(failed.body()).containsAnyOf("\"error\":\"bad-response\"", "\"error\":\"broken-response\"");
    }

    @Test
    void the_time_for_connecting_is_that_of_the_handshake_too() throws Exception {
        proxy.rawUpstream(Wire::readToEnd);
        trusting("", "connect-timeout=200ms");

        Message late = proxy.get("/x", JSON);

        assertThat(late.head().status()).isEqualTo(504);
        assertThat(late.body()).contains("\"error\":\"connect-timeout\"");
    }

    @Test
    void a_request_whose_handshake_fails_goes_on_to_another_instance_whatever_its_method() throws Exception {
        proxy.upstream(TlsInstance.showing(certificates.ofOther()), OK);
        ScriptedUpstream good = proxy.upstream(TlsInstance.showing(named), OK);
        trusting(";server-name=api.internal");

        for (int i = 0; i < 4; i++) {
            assertThat(proxy.post("/x", "data").body()).isEqualTo("ok");
        }
        assertThat(good.received()).hasSize(4);
    }

    /** With TLS 1.3 tickets come after the handshake. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void a_connection_is_used_again_also_for_what_may_be_sent_once_only(String version) throws Exception {
        ScriptedUpstream upstream =
                proxy.upstream(TlsInstance.showing(addressed).speaking(version), OK);
        trusting("");

        for (int i = 0; i < 5; i++) {
            assertThat(proxy.post("/x", "data").body()).isEqualTo("ok");
            assertThat(proxy.get("/x").body()).isEqualTo("ok");
            proxy.awaitIdle();
        }

        assertThat(upstream.connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void a_new_connection_goes_on_with_a_session_that_is_known(String version) throws Exception {
        TlsInstance tls = TlsInstance.showing(addressed).speaking(version);
        proxy.upstream(tls, (request, wire) -> wire.respond(200, "ok", "Connection: close"));
        trusting("");

        for (int i = 0; i < 4; i++) {
            assertThat(proxy.get("/x").body()).isEqualTo("ok");
            proxy.awaitIdle();
        }

        assertThat(tls.sockets()).hasSize(4);
        assertThat(tls.fullHandshakes()).isEqualTo(1);
    }

    @Test
    void bodies_of_a_megabyte_pass_both_ways() throws Exception {
        proxy.upstream(TlsInstance.showing(addressed), (request, wire) -> wire.respond(200, request.body()));
        trusting("");
        String megabyte = "0123456789abcdef".repeat(64 * 1024);

        for (int i = 0; i < 3; i++) {
            assertThat(proxy.post("/x", megabyte).body()).isEqualTo(megabyte);
        }
    }

    @Test
    void a_connection_that_its_instance_closes_while_it_is_idle_costs_no_request() throws Exception {
        Semaphore closed = new Semaphore(0);
        ScriptedUpstream upstream = proxy.rawUpstream(TlsInstance.showing(addressed), wire -> {
            wire.readMessage();
            wire.respond(200, "ok");
            wire.close();
            closed.release();
        });
        trusting("");

        for (int i = 0; i < 10; i++) {
            assertThat(proxy.post("/x", "data").body()).isEqualTo("ok");
            // A request that is under way when its connection is closed may have been looked at.
            assertThat(closed.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(upstream.connections()).isEqualTo(10);
    }

    @Test
    void a_body_that_ends_with_the_connection_is_complete_where_the_instance_says_so() throws Exception {
        proxy.rawUpstream(TlsInstance.showing(addressed), wire -> {
            wire.readMessage();
            wire.send("HTTP/1.1 200 OK\r\n\r\nall of it");
        });
        trusting("");

        assertThat(proxy.get("/x").body()).isEqualTo("all of it");
    }

    /** Somebody in between could end a connection, but not its TLS (RFC 9112, 9.8). */
    @Test
    void a_body_that_ends_with_the_connection_is_cut_short_where_the_instance_does_not_say_so() throws Exception {
        TlsInstance tls = TlsInstance.showing(addressed);
        proxy.rawUpstream(tls, wire -> {
            wire.readMessage();
            wire.send("HTTP/1.1 200 OK\r\n\r\nhalf of");
            tls.newestTransport().close();
        });
        trusting("");

        Wire client = proxy.connect();
        TestProxy.sendRequest(client, "GET", "/x");

        assertThat(client.readHead().status()).isEqualTo(200);
        assertThat(client.readToEnd()).doesNotContain("0\r\n\r\n");
    }

    @Test
    void connections_that_were_made_under_other_authorities_are_not_used_again() throws Exception {
        ScriptedUpstream upstream = proxy.upstream(TlsInstance.showing(named), OK);
        trusting(";server-name=api.internal");
        assertThat(proxy.get("/x").body()).isEqualTo("ok");
        proxy.awaitIdle();

        trusting(";server-name=api.internal");
        assertThat(proxy.get("/x").body()).isEqualTo("ok");
        proxy.awaitIdle();
        assertThat(upstream.connections()).isEqualTo(1);

        secure(";server-name=api.internal", "upstream-ca=" + certificates.otherAuthority());
        failsAs("certificate-not-trusted");
    }

    @Test
    void routes_that_speak_to_an_instance_in_different_ways_share_no_connection() throws Exception {
        ScriptedUpstream upstream = proxy.upstream(TlsInstance.showing(named), OK);
        proxy.reload(
                "upstream-ca=" + certificates.authority(),
                "route=/=svc;proto=https;server-name=api.internal",
                "route=/open=svc;proto=https;tls-skip-verify",
                "route=/strict=svc;proto=https;server-name=shop.internal");

        assertThat(proxy.get("/open").body()).isEqualTo("ok");
        proxy.awaitIdle();
        assertThat(proxy.get("/x").body()).isEqualTo("ok");
        proxy.awaitIdle();
        assertThat(upstream.connections()).isEqualTo(2);
        assertThat(proxy.get("/strict", JSON).body()).contains("\"error\":\"certificate-name\"");
    }

    @Test
    void a_websocket_passes_both_ways() throws Exception {
        proxy.rawUpstream(TlsInstance.showing(addressed), wire -> {
            wire.readHead();
            wire.send(WebSocketHandshake.SWITCHING);
            wire.send(wire.read(4) + " back");
            wire.readToEnd();
        });
        trusting("");

        Wire client = proxy.connect();
        WebSocketHandshake.ask(client, "/chat");
        assertThat(client.readHead().status()).isEqualTo(101);
        client.send("ping");

        assertThat(client.read(9)).isEqualTo("ping back");
        client.close();
    }

    @Test
    void an_early_response_reaches_the_client_while_it_still_sends() throws Exception {
        proxy.rawUpstream(TlsInstance.showing(addressed), wire -> {
            wire.readHead();
            wire.respond(413, "too much", "Connection: close");
        });
        trusting("");

        Wire client = proxy.connect();
        TestProxy.sendRequest(client, "POST", "/x", "Content-Length: 1000000");
        client.send("begin");

        Message early = client.readMessage();
        assertThat(early.head().status()).isEqualTo(413);
        assertThat(early.body()).isEqualTo("too much");
    }

    private void failsAs(String code) throws IOException {
        Message failed = proxy.get("/x", JSON);
        assertThat(failed.head().status()).isEqualTo(502);
        assertThat(failed.body()).contains("\"error\":\"" + code + "\"");
        await().untilAsserted(
                        () -> assertThat(proxy.upstreams().get(0).inFlight()).isZero());
    }
}
