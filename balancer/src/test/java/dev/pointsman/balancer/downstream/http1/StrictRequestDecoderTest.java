package dev.pointsman.balancer.downstream.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When these pass without {@link StrictRequestDecoder}, it can go. */
class StrictRequestDecoderTest {
    @RegisterExtension
    private final TestProxy proxy = new TestProxy();

    @ParameterizedTest
    @ValueSource(strings = {"Content-Xength", "content-xength", "Content_Length", "Xontent-Length", "Content-LengtX"})
    void a_field_that_only_looks_like_content_length_frames_nothing(String name) throws Exception {
        ScriptedUpstream upstream = proxy.upstream(
                (request, wire) -> wire.respond(200, request.head().uri()));
        Wire client = proxy.connect();

        client.send("GET /one HTTP/1.1\r\nHost: h\r\n" + name + ": 26\r\n\r\nGET /two HTTP/1.1\r\nHost: h\r\n\r\n");

        assertThat(client.readMessage().body()).isEqualTo("/one");
        assertThat(client.readMessage().body()).isEqualTo("/two");
        Message first = upstream.received().get(0);
        assertThat(first.head().one(name)).isEqualTo("26");
        assertThat(first.head().has("content-length")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Transfer-Xncoding", "Xransfer-Encoding"})
    void a_field_that_only_looks_like_transfer_encoding_frames_nothing(String name) throws Exception {
        ScriptedUpstream upstream = proxy.upstream(
                (request, wire) -> wire.respond(200, request.head().uri()));
        Wire client = proxy.connect();

        client.send(
                "GET /one HTTP/1.1\r\nHost: h\r\n" + name + ": chunked\r\n\r\nGET /two HTTP/1.1\r\nHost: h\r\n\r\n");

        assertThat(client.readMessage().body()).isEqualTo("/one");
        assertThat(client.readMessage().body()).isEqualTo("/two");
        assertThat(upstream.received().get(0).head().has("transfer-encoding")).isFalse();
    }

    @Test
    void the_fields_that_vertx_has_names_for_are_still_found_by_any_spelling() throws Exception {
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, "x"));
        Wire client = proxy.connect();

        client.send("POST / HTTP/1.1\r\nhOsT: h\r\ncontent-LENGTH: 4\r\n\r\ndata");

        assertThat(client.readMessage().status()).isEqualTo(200);
        assertThat(upstream.onlyRequest().body()).isEqualTo("data");
        assertThat(upstream.onlyRequest().head().one("host")).isEqualTo("h");
    }
}
