package dev.pointsman.balancer.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.balancer.testkit.Head;
import dev.pointsman.balancer.testkit.Http2Instance;
import dev.pointsman.balancer.testkit.Http2Wire;
import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.WebSocketHandshake;
import dev.pointsman.balancer.testkit.Wire;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** WebSockets to instances that speak HTTP/2, by an extended CONNECT (RFC 8441). */
class Http2WebSocketTest {
    @RegisterExtension
    private final TestProxy proxy =
            new TestProxy("response-timeout=1s", "route=/=svc;proto=h2c", "explain-secret=0123456789abcdef");

    private Http2Instance instance(Http2Instance.Behaviour behaviour) throws Exception {
        return proxy.http2Upstream(new Http2Instance(
                behaviour, new Http2Settings().maxConcurrentStreams(100).connectProtocolEnabled(true)));
    }

    @Test
    void a_handshake_in_http1_becomes_an_extended_connect_and_bytes_go_both_ways() throws Exception {
        Http2Instance instance =
                instance(call -> call.headers(false, ":status", "200", "sec-websocket-protocol", "chat")
                        .data("welcome", false));
        Wire client = proxy.connect();
        WebSocketHandshake.ask(client, "/ws?a=1", "Sec-WebSocket-Protocol: chat");

        Head response = client.readHead();

        assertThat(response.status()).isEqualTo(101);
        assertThat(response.one("upgrade")).isEqualTo("websocket");
        assertThat(response.one("sec-websocket-accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assertThat(response.one("sec-websocket-protocol")).isEqualTo("chat");
        assertThat(client.read(7)).isEqualTo("welcome");
        Http2Instance.Call call = instance.next();
        assertThat(call.head().method()).hasToString("CONNECT");
        assertThat(call.head().get(":protocol")).hasToString("websocket");
        assertThat(call.head().path()).hasToString("/ws?a=1");
        assertThat(call.head().scheme()).hasToString("http");
        assertThat(call.head().get("sec-websocket-version")).hasToString("13");
        assertThat(call.head().contains("sec-websocket-key")).isFalse();
        assertThat(call.head().contains("upgrade")).isFalse();
        client.send("ping");
        await().until(() -> call.body().equals("ping"));
        call.data("pong", false);
        assertThat(client.read(4)).isEqualTo("pong");

        call.data("bye", true);

        assertThat(client.readToEnd()).isEqualTo("bye");
    }

    @Test
    void one_by_a_stream_on_both_sides() throws Exception {
        Http2Instance instance = instance(call -> call.headers(false, ":status", "200"));
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.webSocket(1);
            Http2Wire.Frame head = client.skipTo(frame -> frame.type() == Http2Wire.HEADERS);
            assertThat(client.decode(head.payload()))
                    .startsWith(":status: 200\n")
                    .doesNotContain("accept");
            Http2Instance.Call call = instance.next();

            client.data(1, "ping", false);
            await().until(() -> call.body().equals("ping"));
            call.data("pong", false);

            assertThat(client.skipTo(frame -> frame.type() == Http2Wire.DATA).payload())
                    .isEqualTo("pong");
        }
    }

    @Test
    void when_the_client_leaves_the_stream_ends_and_its_connection_stays() throws Exception {
        Http2Instance instance = instance(call -> call.headers(false, ":status", "200"));
        Wire client = proxy.connect();
        WebSocketHandshake.ask(client, "/ws");
        client.readHead();
        Http2Instance.Call call = instance.next();

        client.close();

        assertThat(call.awaitReset()).isEqualTo(Http2Error.CANCEL.code());
        Wire next = proxy.connect();
        WebSocketHandshake.ask(next, "/ws");
        assertThat(next.readHead().status()).isEqualTo(101);
        assertThat(instance.connections()).isEqualTo(1);
        next.close();
    }

    @Test
    void an_instance_that_does_not_agree_responds_as_ever() throws Exception {
        Http2Instance instance = instance(call -> call.respond(403, "not you"));
        Wire client = proxy.connect();
        WebSocketHandshake.ask(client, "/ws");

        Message response = client.readMessage();

        assertThat(response.status()).isEqualTo(403);
        assertThat(response.body()).isEqualTo("not you");
        assertThat(instance.next().awaitReset()).isEqualTo(Http2Error.CANCEL.code());
    }

    @Test
    void an_instance_that_does_not_announce_it_is_not_asked_and_the_client_is_told_why() throws Exception {
        Http2Instance instance = proxy.http2Upstream(call -> call.respond(200, "never"));
        Wire client = proxy.connect();
        WebSocketHandshake.ask(client, "/ws", "X-Pointsman-Explain: 0123456789abcdef");

        Message response = client.readMessage();

        assertThat(response.status()).isEqualTo(501);
        assertThat(response.body()).startsWith("501 the service takes no WebSockets over HTTP/2");
        assertThat(response.head().one("x-pointsman-result")).contains("no-websocket");
        assertThat(instance.calls()).isEmpty();
    }
}
