package dev.pointsman.balancer.proxy;

import static dev.pointsman.balancer.testkit.TestProxy.sendRequest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.balancer.testkit.Http2Instance;
import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http2.Http2Error;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of gRPC: what they are told of failures, how long they may take, and what their statuses say of an instance. */
class GrpcInstancesTest {
    private static final String TYPE = "Content-Type: application/grpc";

    @RegisterExtension
    private final TestProxy proxy = new TestProxy("response-timeout=5s", "route=/svc=svc;proto=grpc");

    private Message call(String... more) throws Exception {
        String[] fields = new String[more.length + 2];
        fields[0] = TYPE;
        fields[1] = "TE: trailers";
        System.arraycopy(more, 0, fields, 2, more.length);
        return proxy.post("/svc/Method", "\0\0\0\0\0", fields);
    }

    @Test
    void a_call_goes_on_with_te_and_its_status_comes_back_in_trailers() throws Exception {
        Http2Instance instance = proxy.http2Upstream(
                Http2Instance.whole(call -> call.headers(false, ":status", "200", "content-type", "application/grpc")
                        .data("\0\0\0\0\0", false)
                        .headers(true, "grpc-status", "3", "grpc-message", "why%20not")));

        Message response = call("X-Meta: data");

        assertThat(response.trailers().one("grpc-status")).isEqualTo("3");
        assertThat(response.trailers().one("grpc-message")).isEqualTo("why%20not");
        Http2Instance.Call seen = instance.next();
        assertThat(seen.head().get("te")).hasToString("trailers");
        assertThat(seen.head().get("x-meta")).hasToString("data");
    }

    @Test
    void without_an_instance_a_call_is_told_so_as_a_status_of_grpc() throws Exception {
        Message response = call();

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.head().one("content-type")).isEqualTo("application/grpc");
        assertThat(response.head().one("grpc-status")).isEqualTo("14");
        assertThat(response.head().one("grpc-message"))
                .startsWith("no instance of this service is available right now");
        assertThat(response.body()).isEmpty();
    }

    @Test
    void a_call_that_no_route_takes_is_unimplemented() throws Exception {
        assertThat(proxy.post("/other", "x", TYPE).head().one("grpc-status")).isEqualTo("12");
    }

    @ParameterizedTest
    @CsvSource({
        "NO_ROUTE,12",
        "NO_INSTANCE,14",
        "CONNECT_FAILED,14",
        "CONNECT_TIMEOUT,14",
        "NOT_PROCESSED,14",
        "RESPONSE_TIMEOUT,4",
        "QUEUE_FULL,8",
        "TOO_MANY_REQUESTS,8",
        "BODY_TOO_LARGE,8",
        "BAD_RESPONSE,13",
        "BAD_BODY,13",
        "UNAUTHORIZED,16",
        "FORBIDDEN,7"
    })
    void each_failure_of_ours_has_a_status_of_grpc(FailureKind kind, int code) {
        assertThat(GrpcStatus.of(kind).code()).isEqualTo(code);
    }

    @Test
    void a_message_is_percent_encoded() {
        assertThat(GrpcStatus.percentEncoded("100 % of \u00e4\n")).isEqualTo("100 %25 of %C3%A4%0A");
    }

    @Test
    void a_deadline_ends_a_call_and_blames_nobody() throws Exception {
        Http2Instance instance = proxy.http2Upstream(call -> {});

        Message response = call("grpc-timeout: 1S");

        assertThat(response.head().one("grpc-status")).isEqualTo("4");
        assertThat(instance.next().awaitReset()).isEqualTo(Http2Error.CANCEL.code());
        assertThat(proxy.upstreams().get(0).failures()).isZero();
    }

    @Test
    void a_deadline_ends_a_call_that_is_being_answered_too() throws Exception {
        Http2Instance instance =
                proxy.http2Upstream(call -> call.headers(false, ":status", "200", "content-type", "application/grpc")
                        .data("x", false));
        Wire client = proxy.connect();
        sendRequest(client, "POST", "/svc/M", TYPE, "Content-Length: 1", "grpc-timeout: 1S");
        client.send("x");

        assertThat(instance.next().awaitReset()).isEqualTo(Http2Error.CANCEL.code());
        assertThat(client.readToEnd()).doesNotContain("\r\n0\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "1H,3600000000000",
        "2M,120000000000",
        "3S,3000000000",
        "4m,4000000",
        "5u,5000",
        "6n,6",
        "0n,1",
        "99999999H,9223372036854775807"
    })
    void a_timeout_has_one_of_six_units(String text, long nanos) {
        assertThat(GrpcCall.timeoutNanos(new DefaultHttpHeaders().add("grpc-timeout", text)))
                .isEqualTo(nanos);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "S", "1", "1s", "-1S", "1.5S", "123456789S", " 1S"})
    void what_is_no_timeout_limits_nothing(String text) {
        assertThat(GrpcCall.timeoutNanos(DefaultHttpHeadersFactory.headersFactory()
                        .withValidation(false)
                        .newHeaders()
                        .add("grpc-timeout", text)))
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({"14,true", "13,true", "2,true", "4,true", "15,true", "5,false", "12,false", "0,false", "1,false"})
    void a_status_counts_against_an_instance_where_5xx_would(String status, boolean counts) {
        assertThat(GrpcStatus.blamesServer(new DefaultHttpHeaders().add("grpc-status", status)))
                .isEqualTo(counts);
    }

    @ParameterizedTest
    @CsvSource({
        "application/grpc,true",
        "application/grpc+proto,true",
        "application/grpc;charset=utf-8,true",
        "application/grpc-web,false",
        "application/json,false"
    })
    void content_is_grpc_by_its_type(String type, boolean grpc) {
        assertThat(GrpcCall.is(new DefaultHttpHeaders().add("content-type", type)))
                .isEqualTo(grpc);
    }
}
