package dev.pointsman.balancer.proxy;

import static dev.pointsman.balancer.testkit.TestProxy.sendRequest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Http2Instance;
import dev.pointsman.balancer.testkit.Http2Wire;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import io.netty.handler.codec.http2.Http2Error;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Streams that are reset on one side: what the other side is told (RFC 9113, 5.4.2 and 7). */
class Http2ResetsTest {
    private static final String TYPE = "application/grpc";

    @RegisterExtension
    private final TestProxy proxy = new TestProxy("response-timeout=1s", "idle-timeout=1s", "route=/=svc;proto=h2c");

    private static void begin(Http2Instance.Call call) {
        call.headers(false, ":status", "200").data("part", false);
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3", "8", "11", "4711"})
    void the_code_with_which_an_instance_breaks_off_is_the_code_that_the_client_gets(long code) throws Exception {
        Http2Instance instance = proxy.http2Upstream(Http2ResetsTest::begin);
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.get(1, "/").skipTo(frame -> frame.type() == Http2Wire.DATA);

            instance.next().reset(code);

            assertThat(client.resetOf(1)).isEqualTo((int) code);
        }
    }

    /** "Was not processed", "there is no error" and "use HTTP/1.1" would be taken for what they are not. */
    @ParameterizedTest
    @CsvSource({"REFUSED_STREAM", "NO_ERROR", "HTTP_1_1_REQUIRED"})
    void a_code_that_would_mislead_is_an_error_of_ours(Http2Error code) throws Exception {
        Http2Instance instance = proxy.http2Upstream(Http2ResetsTest::begin);
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.get(1, "/").skipTo(frame -> frame.type() == Http2Wire.DATA);

            instance.next().reset(code);

            assertThat(client.resetOf(1)).isEqualTo((int) Http2Error.INTERNAL_ERROR.code());
        }
    }

    @Test
    void a_reset_breaks_off_in_http1_with_the_connection() throws Exception {
        Http2Instance instance = proxy.http2Upstream(Http2ResetsTest::begin);
        Wire client = proxy.connect();
        sendRequest(client, "GET", "/");
        client.readHead();

        instance.next().reset(Http2Error.CANCEL);

        assertThat(client.readToEnd()).doesNotContain("\r\n0\r\n");
    }

    @Test
    void a_response_that_stands_still_is_cancelled_on_both_sides() throws Exception {
        Http2Instance instance = proxy.http2Upstream(Http2ResetsTest::begin);
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.get(1, "/");

            assertThat(client.resetOf(1)).isEqualTo((int) Http2Error.CANCEL.code());
            assertThat(instance.next().awaitReset()).isEqualTo(Http2Error.CANCEL.code());
        }
    }

    @ParameterizedTest
    @CsvSource({"CANCEL", "INTERNAL_ERROR", "NO_ERROR"})
    void what_a_client_resets_is_cancelled_at_the_instance(Http2Error code) throws Exception {
        Http2Instance instance = proxy.http2Upstream(call -> {});
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.post(1, "/");
            Http2Instance.Call call = instance.next();

            client.frame(Http2Wire.RST_STREAM, 0, 1, Http2Wire.int32((int) code.code()));

            assertThat(call.awaitReset()).isEqualTo(Http2Error.CANCEL.code());
        }
    }

    @Test
    void an_instance_that_has_responded_and_wants_no_more_of_the_request_ends_it_without_an_error() throws Exception {
        Http2Instance instance = proxy.http2Upstream(call -> {});
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.post(1, "/").data(1, "the first part", false);

            instance.next().respond(200, "enough").reset(Http2Error.NO_ERROR);

            assertThat(client.response(1).end()).isEqualTo("end");
            Http2Wire.Frame reset = client.skipTo(frame -> frame.type() == Http2Wire.RST_STREAM);
            assertThat(reset.number(0)).isEqualTo((int) Http2Error.NO_ERROR.code());
        }
    }

    @ParameterizedTest
    @CsvSource({"CANCEL,1", "ENHANCE_YOUR_CALM,8", "INADEQUATE_SECURITY,7", "INTERNAL_ERROR,13", "REFUSED_STREAM,14"})
    void a_call_of_grpc_that_is_reset_before_it_is_answered_has_the_status_of_the_code(Http2Error code, String status)
            throws Exception {
        proxy.http2Upstream(Http2Instance.whole(call -> call.reset(code)));
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.post(1, "/a.Service/Method", "content-type", TYPE, "te", "trailers");
            client.data(1, "\0\0\0\0\0", true);

            Http2Wire.Response response = client.response(1);

            assertThat(response.status()).isEqualTo("200");
            assertThat(response.head()).contains("grpc-status: " + status + "\n");
        }
    }
}
