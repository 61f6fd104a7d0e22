package dev.pointsman.balancer.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.http.UpstreamProtocol;
import dev.pointsman.balancer.http.UpstreamTransport;
import dev.pointsman.balancer.route.HealthCheck;
import dev.pointsman.balancer.testkit.Http2Instance;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestCertificates;
import dev.pointsman.balancer.testkit.TlsInstance;
import dev.pointsman.balancer.testkit.Wire;
import dev.pointsman.balancer.tls.CertificateFiles;
import dev.pointsman.balancer.tls.PemFile;
import dev.pointsman.balancer.tls.ServerCertificate;
import dev.pointsman.balancer.tls.UpstreamTls;
import dev.pointsman.testkit.FreePorts;
import dev.pointsman.testkit.NeedsPrograms;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VertxHealthClientTest {
    private static final HealthCheck RULE = new HealthCheck("/health?deep=1");

    private final Vertx vertx = Vertx.vertx();
    private volatile UpstreamTls inForce = UpstreamTls.OF_JDK;
    private final VertxHealthClient client = new VertxHealthClient(vertx, () -> inForce);

    @AfterEach
    void close() throws Exception {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void it_asks_for_the_path_with_the_instance_s_own_host_and_a_connection_of_its_own() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.standalone((request, wire) -> wire.respond(200, "fine"))) {
            assertThat(check(upstream.port(), RULE)).isEqualTo(CheckResult.passed("answered 200"));
            assertThat(check(upstream.port(), RULE)).isEqualTo(CheckResult.passed("answered 200"));

            assertThat(upstream.received()).hasSize(2);
            assertThat(upstream.connections()).isEqualTo(2);
            assertThat(upstream.received().get(0).head().start()).isEqualTo("GET /health?deep=1 HTTP/1.1");
            assertThat(upstream.received().get(0).head().all("Host")).containsExactly("127.0.0.1:" + upstream.port());
        }
    }

    @Test
    void a_host_that_is_set_is_sent_instead() throws Exception {
        HealthCheck named =
                new HealthCheck("/", RULE.interval(), RULE.timeout(), 3, 2, RULE.expected(), "internal.example:8080");
        try (ScriptedUpstream upstream = ScriptedUpstream.standalone((request, wire) -> wire.respond(200, "fine"))) {
            assertThat(check(upstream.port(), named).passed()).isTrue();

            assertThat(upstream.received().get(0).head().all("Host")).containsExactly("internal.example:8080");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 301, 399})
    void expected_statuses_pass(int status) throws Exception {
        assertThat(checkThatGets("HTTP/1.1 " + status + " X\r\nContent-Length: 0\r\n\r\n")
                        .passed())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 429, 500, 503})
    void other_statuses_fail(int status) throws Exception {
        assertThat(checkThatGets("HTTP/1.1 " + status + " X\r\nContent-Length: 0\r\n\r\n"))
                .isEqualTo(CheckResult.failed("answered " + status));
    }

    @Test
    void an_instance_that_nobody_listens_at_fails() throws Exception {
        int port = FreePorts.take();

        assertThat(check(port, RULE).what()).startsWith("failed (").contains("refused");
    }

    @Test
    void a_name_that_is_none_fails() throws Exception {
        CompletableFuture<CheckResult> result = new CompletableFuture<>();
        vertx.runOnContext(on -> client.check(subject("no such name", 80, RULE), result::complete));

        assertThat(result.get(10, TimeUnit.SECONDS).passed()).isFalse();
    }

    @Test
    void a_name_is_looked_up() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.standalone((request, wire) -> wire.respond(200, "fine"))) {
            CompletableFuture<CheckResult> result = new CompletableFuture<>();
            vertx.runOnContext(on -> client.check(subject("localhost", upstream.port(), RULE), result::complete));

            assertThat(result.get(10, TimeUnit.SECONDS).passed()).isTrue();
        }
    }

    @Test
    void one_that_does_not_answer_in_time_fails_and_its_connection_is_closed() throws Exception {
        CompletableFuture<Boolean> left = new CompletableFuture<>();
        try (ScriptedUpstream upstream = ScriptedUpstream.standalone((request, wire) -> untilClosed(wire, left))) {
            assertThat(check(upstream.port(), within(100)))
                    .isEqualTo(CheckResult.failed("did not answer within 100 ms"));

            assertThat(left.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void one_that_closes_without_an_answer_fails() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.standalone((request, wire) -> wire.close())) {
            assertThat(check(upstream.port(), RULE).passed()).isFalse();
        }
    }

    @Test
    void what_is_no_http_fails() throws Exception {
        assertThat(checkThatGets("SSH-2.0-OpenSSH_9.6\r\n\r\n").passed()).isFalse();
    }

    @Test
    void a_head_without_end_fails() throws Exception {
        assertThat(checkThatGets("HTTP/1.1 200 OK\r\nX: " + "x".repeat(100_000)).passed())
                .isFalse();
    }

    @Test
    void content_without_end_does_not_keep_a_check_from_its_result() throws Exception {
        CompletableFuture<Boolean> left = new CompletableFuture<>();
        try (ScriptedUpstream upstream = ScriptedUpstream.standalone((request, wire) -> {
            wire.send("HTTP/1.1 200 OK\r\n\r\n");
            try {
                while (true) {
                    wire.send("x".repeat(10_000));
                }
            } catch (IOException closed) {
                left.complete(true);
            }
        })) {
            assertThat(check(upstream.port(), RULE)).isEqualTo(CheckResult.passed("answered 200"));
            assertThat(left.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void content_that_stops_in_the_middle_is_not_what_a_check_is_about() throws Exception {
        CompletableFuture<Boolean> left = new CompletableFuture<>();
        try (ScriptedUpstream upstream = ScriptedUpstream.standalone((request, wire) -> {
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx");
            untilClosed(wire, left);
        })) {
            assertThat(check(upstream.port(), within(100)).passed()).isTrue();
            assertThat(left.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void a_server_of_grpc_is_asked_for_its_health_and_for_that_of_a_service() throws Exception {
        try (Http2Instance instance = new Http2Instance(
                Http2Instance.whole(call -> call.headers(false, ":status", "200", "content-type", "application/grpc")
                        .data(call.body().contains("db") ? "\0\0\0\0\2\10\2" : "\0\0\0\0\2\10\1", false)
                        .headers(true, "grpc-status", "0")))) {
            assertThat(checkGrpc(instance.port(), "grpc")).isEqualTo(CheckResult.passed("answered SERVING"));
            assertThat(checkGrpc(instance.port(), "grpc:db"))
                    .isEqualTo(CheckResult.failed("answered that it is not SERVING"));

            Http2Instance.Call call = instance.calls().get(1);
            assertThat(call.head().path()).hasToString("/grpc.health.v1.Health/Check");
            assertThat(call.head().get("te")).hasToString("trailers");
            assertThat(call.body()).isEqualTo("\0\0\0\0\4\n\2db");
            assertThat(instance.connections()).isEqualTo(2);
        }
    }

    @Test
    void a_server_of_grpc_that_does_not_know_the_service_fails() throws Exception {
        try (Http2Instance instance = new Http2Instance(
                Http2Instance.whole(call -> call.headers(true, ":status", "200", "grpc-status", "5")))) {
            assertThat(checkGrpc(instance.port(), "grpc:x")).isEqualTo(CheckResult.failed("answered grpc-status 5"));
        }
    }

    private CheckResult checkGrpc(int port, String what) throws Exception {
        CompletableFuture<CheckResult> result = new CompletableFuture<>();
        CheckSubject subject = new CheckSubject(
                "127.0.0.1", port, new HealthCheck(what), new UpstreamTransport(UpstreamProtocol.GRPC, "", false));
        vertx.runOnContext(on -> client.check(subject, result::complete));
        return result.get(10, TimeUnit.SECONDS);
    }

    private CheckResult checkThatGets(String response) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.standalone((request, wire) -> wire.send(response))) {
            return check(upstream.port(), within(10_000));
        }
    }

    private static HealthCheck within(int millis) {
        return new HealthCheck("/", RULE.interval(), Duration.ofMillis(millis), 3, 2, RULE.expected(), RULE.host());
    }

    private static void untilClosed(Wire wire, CompletableFuture<Boolean> left) throws IOException {
        left.complete(wire.ends());
    }

    private static CheckSubject subject(String address, int port, HealthCheck rule) {
        return new CheckSubject(address, port, rule, UpstreamTransport.PLAIN);
    }

    private CheckResult check(int port, HealthCheck rule) throws Exception {
        CompletableFuture<CheckResult> result = new CompletableFuture<>();
        vertx.runOnContext(on -> client.check(subject("127.0.0.1", port, rule), result::complete));
        return result.get(20, TimeUnit.SECONDS);
    }

    @Test
    @NeedsPrograms(value = "openssl", debianPackage = "openssl")
    void over_tls_it_trusts_whom_requests_trust(@TempDir Path folder) throws Exception {
        TestCertificates certificates = new TestCertificates(folder);
        TlsInstance tls = TlsInstance.showing(certificates.named());
        inForce = new UpstreamTls(
                PemFile.read(certificates.authority()).certificates(),
                ServerCertificate.read(new CertificateFiles(
                        certificates.balancer().cert(), certificates.balancer().key())));
        try (ScriptedUpstream upstream = ScriptedUpstream.secured(tls, (request, wire) -> wire.respond(200, "fine"))) {
            assertThat(overTls(upstream.port(), "api.internal", false)).isEqualTo(CheckResult.passed("answered 200"));
            assertThat(((ExtendedSSLSession) tls.sockets().get(0).getSession()).getRequestedServerNames())
                    .hasToString("[type=host_name (0), value=api.internal]");
            assertThat(upstream.received().get(0).head().all("Host")).containsExactly("127.0.0.1:" + upstream.port());
            assertThat(overTls(upstream.port(), "shop.internal", false).what())
                    .contains("its certificate is for api.internal, not for shop.internal");
            assertThat(overTls(upstream.port(), "shop.internal", true).passed()).isTrue();

            inForce =
                    new UpstreamTls(PemFile.read(certificates.otherAuthority()).certificates(), null);
            assertThat(overTls(upstream.port(), "api.internal", false).what())
                    .contains("leads to no authority that is trusted");
        }
    }

    @Test
    @NeedsPrograms(value = "openssl", debianPackage = "openssl")
    void an_instance_that_asks_for_a_certificate_gets_one(@TempDir Path folder) throws Exception {
        TestCertificates certificates = new TestCertificates(folder);
        TlsInstance tls = TlsInstance.asking(certificates.named(), certificates.authority());
        inForce = new UpstreamTls(
                PemFile.read(certificates.authority()).certificates(),
                ServerCertificate.read(new CertificateFiles(
                        certificates.balancer().cert(), certificates.balancer().key())));
        try (ScriptedUpstream upstream = ScriptedUpstream.secured(tls, (request, wire) -> wire.respond(200, "fine"))) {
            assertThat(overTls(upstream.port(), "api.internal", false)).isEqualTo(CheckResult.passed("answered 200"));
        }
    }

    private CheckResult overTls(int port, String name, boolean skipVerify) throws Exception {
        UpstreamTransport transport = new UpstreamTransport(UpstreamProtocol.HTTPS, name, skipVerify);
        CompletableFuture<CheckResult> result = new CompletableFuture<>();
        vertx.runOnContext(on -> client.check(new CheckSubject("127.0.0.1", port, RULE, transport), result::complete));
        return result.get(10, TimeUnit.SECONDS);
    }
}
