package dev.pointsman.balancer.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.balancer.testkit.GrpcTestCalls;
import dev.pointsman.balancer.testkit.GrpcTestClient;
import dev.pointsman.balancer.testkit.GrpcTestClient.Ended;
import dev.pointsman.balancer.testkit.GrpcTestClient.OneCall;
import dev.pointsman.balancer.testkit.GrpcTestServer;
import dev.pointsman.balancer.testkit.TestBalancer;
import dev.pointsman.balancer.testkit.TestCertificates;
import dev.pointsman.testkit.NeedsPrograms;
import dev.pointsman.testkit.TestAuthority.Issued;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The cases of gRPC's interoperability tests (grpc/grpc, doc/interop-test-descriptions.md) that need no credentials, with
 * grpc-java on both sides of a whole balancer.
 */
@NeedsPrograms(value = "openssl", debianPackage = "openssl")
@ParameterizedClass(name = "client by {0}, instances by {1}")
@CsvSource({"h2c,grpc", "h2c,h2c", "tls,grpcs", "tls,h2", "tls,grpc", "h2c,grpcs"})
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GrpcInteropTest {
    @TempDir
    static Path made = Path.of(".");

    private static @Nullable TestCertificates certificates;
    private static @Nullable Issued shown;

    @RegisterExtension
    private final TestBalancer balancer = new TestBalancer();

    private final String front;
    private final String proto;
    private @Nullable GrpcTestServer server;
    private @Nullable GrpcTestClient client;

    GrpcInteropTest(String front, String proto) {
        this.front = front;
        this.proto = proto;
    }

    @BeforeAll
    static void make() {
        TestCertificates issuing = new TestCertificates(made);
        certificates = issuing;
        shown = issuing.named();
    }

    @BeforeEach
    void start() throws Exception {
        Issued certificate = Objects.requireNonNull(shown);
        Path authority = Objects.requireNonNull(certificates).authority();
        boolean secured = proto.equals("grpcs") || proto.equals("h2");
        GrpcTestServer started = new GrpcTestServer("one", secured ? certificate : null);
        server = started;
        balancer.consul().list("svc", "one", started.port(), "passing", "");
        balancer.start(
                "listen=127.0.0.1:0",
                "listen=127.0.0.1:0;tls",
                "tls=" + certificate.cert() + ";key=" + certificate.key(),
                "upstream-ca=" + authority,
                "route=/=svc;proto=" + proto + ";health=grpc;health-interval=1s"
                        + (secured ? ";server-name=api.internal" : ""));
        int port = balancer.ports().get(front.equals("tls") ? 1 : 0);
        client = front.equals("tls")
                ? GrpcTestClient.secured(port, authority, "api.internal")
                : GrpcTestClient.plain(port);
    }

    @AfterEach
    void stop() throws Exception {
        client().close();
        server().close();
    }

    private GrpcTestServer server() {
        return Objects.requireNonNull(server);
    }

    private GrpcTestClient client() {
        return Objects.requireNonNull(client);
    }

    @Test
    void empty_unary() throws Exception {
        OneCall call = client().call(GrpcTestCalls.UNARY, "");

        assertThat(call.ended().code()).isEqualTo(Code.OK);
        assertThat(call.answer()).isEmpty();
    }

    @Test
    void large_unary() throws Exception {
        String large = "x".repeat(314_159);

        assertThat(client().call(GrpcTestCalls.UNARY, "size 314159").answer()).isEqualTo(large);
        assertThat(client().call(GrpcTestCalls.UNARY, large).answer()).isEqualTo(large);
        assertThat(client().call(GrpcTestCalls.UNARY, "x".repeat(3_000_000)).answer())
                .hasSize(3_000_000);
    }

    @Test
    void compressed_unary() throws Exception {
        OneCall call = client().begin(GrpcTestCalls.UNARY, CallOptions.DEFAULT.withCompression("gzip"), new Metadata())
                .send("x".repeat(271_828))
                .end();

        assertThat(call.answer()).hasSize(271_828);
        assertThat(call.ended().code()).isEqualTo(Code.OK);
    }

    @Test
    void client_streaming() throws Exception {
        OneCall call = client().begin(GrpcTestCalls.UPLOAD);
        for (int size : new int[] {27_182, 8, 1_828, 45_904}) {
            call.send("x".repeat(size));
        }
        call.end();

        assertThat(call.answer()).isEqualTo("74922");
        assertThat(call.ended().code()).isEqualTo(Code.OK);
    }

    @Test
    void server_streaming() throws Exception {
        OneCall call = client().call(GrpcTestCalls.DOWNLOAD, "31415,9,2653,58979");

        for (int size : new int[] {31_415, 9, 2_653, 58_979}) {
            assertThat(call.answer()).hasSize(size);
        }
        assertThat(call.ended().code()).isEqualTo(Code.OK);
        assertThat(call.answer()).isNull();
    }

    @Test
    void ping_pong() throws Exception {
        OneCall call = client().begin(GrpcTestCalls.PING_PONG);

        for (int size : new int[] {31_415, 9, 2_653, 58_979}) {
            assertThat(call.send("size " + size).answer()).hasSize(size);
        }
        assertThat(call.end().ended().code()).isEqualTo(Code.OK);
    }

    @Test
    void empty_stream() throws Exception {
        OneCall call = client().begin(GrpcTestCalls.PING_PONG).end();

        assertThat(call.ended().code()).isEqualTo(Code.OK);
        assertThat(call.answer()).isNull();
    }

    @Test
    void half_duplex() throws Exception {
        OneCall call = client().begin(GrpcTestCalls.HALF_DUPLEX);
        call.send("size 3").send("size 5").end();

        assertThat(call.answer()).hasSize(3);
        assertThat(call.answer()).hasSize(5);
        assertThat(call.ended().code()).isEqualTo(Code.OK);
    }

    @Test
    void cancel_before_a_message_was_sent() throws Exception {
        OneCall call = client().begin(GrpcTestCalls.PING_PONG);
        call.cancel();

        assertThat(call.ended().code()).isEqualTo(Code.CANCELLED);
        assertThat(client().call(GrpcTestCalls.UNARY, "still here").answer()).isEqualTo("still here");
    }

    @Test
    void cancel_after_first_response() throws Exception {
        OneCall call = client().begin(GrpcTestCalls.PING_PONG);
        assertThat(call.send("size 31415").answer()).hasSize(31_415);
        call.cancel();

        assertThat(call.ended().code()).isEqualTo(Code.CANCELLED);
        assertThat(server().nextCancelled()).isEqualTo("Conversation");
    }

    @Test
    void timeout_on_sleeping_server() throws Exception {
        CallOptions brief = CallOptions.DEFAULT.withDeadlineAfter(400, TimeUnit.MILLISECONDS);

        OneCall call = client().begin(GrpcTestCalls.SLEEP, brief, new Metadata())
                .send("never")
                .end();

        assertThat(call.ended().code()).isEqualTo(Code.DEADLINE_EXCEEDED);
        assertThat(server().nextDeadline()).isPositive().isLessThanOrEqualTo(400);
        assertThat(server().nextCancelled()).isEqualTo("Sleep");
    }

    @Test
    void custom_metadata() throws Exception {
        Metadata asked = new Metadata();
        byte[] bytes = {(byte) 0xab, 0, 1, (byte) 0xff};
        asked.put(GrpcTestCalls.ECHOED_FIRST, "test_initial_metadata_value");
        asked.put(GrpcTestCalls.ECHOED_FIRST, "another, with a comma");
        asked.put(GrpcTestCalls.ECHOED_LAST, bytes);
        for (boolean streaming : new boolean[] {false, true}) {
            OneCall call = client().begin(
                            streaming ? GrpcTestCalls.PING_PONG : GrpcTestCalls.UNARY, CallOptions.DEFAULT, asked)
                    .send("x")
                    .end();

            Ended end = call.ended();
            assertThat(end.code()).isEqualTo(Code.OK);
            assertThat(call.head().getAll(GrpcTestCalls.ECHOED_FIRST))
                    .containsExactly("test_initial_metadata_value", "another, with a comma");
            assertThat(end.trailers().get(GrpcTestCalls.ECHOED_LAST)).isEqualTo(bytes);
        }
    }

    @Test
    void custom_metadata_of_a_call_that_fails() throws Exception {
        Metadata asked = new Metadata();
        asked.put(GrpcTestCalls.ECHOED_LAST, new byte[] {1, 2, 3});

        Ended end = client().begin(GrpcTestCalls.UNARY, CallOptions.DEFAULT, asked)
                .send("status 9 not yet")
                .end()
                .ended();

        assertThat(end.code()).isEqualTo(Code.FAILED_PRECONDITION);
        assertThat(end.trailers().get(GrpcTestCalls.ECHOED_LAST)).containsExactly(1, 2, 3);
    }

    @Test
    void status_code_and_message() throws Exception {
        Ended unary = client().call(GrpcTestCalls.UNARY, "status 2 test status message")
                .ended();
        OneCall streaming = client().begin(GrpcTestCalls.PING_PONG);
        assertThat(streaming.send("first").answer()).isEqualTo("first");
        Ended stream = streaming.send("status 2 test status message").ended();

        assertThat(unary.code()).isEqualTo(Code.UNKNOWN);
        assertThat(unary.message()).isEqualTo("test status message");
        assertThat(stream.code()).isEqualTo(Code.UNKNOWN);
        assertThat(stream.message()).isEqualTo("test status message");
    }

    @Test
    void special_status_message() throws Exception {
        String special = "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \ud83d\ude08 100 %\t\n";

        Ended end = client().call(GrpcTestCalls.UNARY, "status 2 " + special).ended();

        assertThat(end.code()).isEqualTo(Code.UNKNOWN);
        assertThat(end.message()).isEqualTo(special);
    }

    @Test
    void unimplemented_method_and_service() throws Exception {
        assertThat(client().call(GrpcTestCalls.NO_METHOD, "").ended().code()).isEqualTo(Code.UNIMPLEMENTED);
        assertThat(client().call(GrpcTestCalls.NO_SERVICE, "").ended().code()).isEqualTo(Code.UNIMPLEMENTED);
    }

    @Test
    void a_hundred_calls_at_a_time_on_one_connection() throws Exception {
        OneCall[] calls = new OneCall[100];
        for (int i = 0; i < calls.length; i++) {
            calls[i] = client().begin(GrpcTestCalls.PING_PONG).send("call " + i);
        }

        for (int i = 0; i < calls.length; i++) {
            assertThat(calls[i].answer()).isEqualTo("call " + i);
            assertThat(calls[i].end().ended().code()).isEqualTo(Code.OK);
        }
    }

    @Test
    void an_instance_that_says_that_it_does_not_serve_gets_no_calls() throws Exception {
        assertThat(client().call(GrpcTestCalls.UNARY, "x").answer()).isEqualTo("x");
        GrpcTestServer other = new GrpcTestServer(
                "two", proto.equals("grpcs") || proto.equals("h2") ? Objects.requireNonNull(shown) : null);
        try (other) {
            other.serve(false);
            balancer.consul().list("svc", "two", other.port(), "passing", "");
            server().serve(false);
            other.serve(true);
            await().untilAsserted(() -> {
                for (int i = 0; i < 4; i++) {
                    assertThat(client().call(GrpcTestCalls.UNARY, "name").answer())
                            .isEqualTo("two");
                }
            });
        }
    }
}
