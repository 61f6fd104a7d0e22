package dev.pointsman.balancer.downstream.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Head;
import dev.pointsman.balancer.testkit.Http2Wire;
import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.WebSocketHandshake;
import io.netty.handler.codec.http2.Http2Error;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that speak HTTP/2 by prior knowledge, and what instances get of them in HTTP/1.1. */
class Http2ClientsTest {
    @RegisterExtension
    private final TestProxy proxy = new TestProxy("response-timeout=5s");

    @Test
    void a_get_reaches_an_instance_and_its_response_the_client() throws Exception {
        ScriptedUpstream upstream = proxy.upstream(
                (request, wire) -> wire.send("HTTP/1.1 200 OK\r\nX-Mixed-Case: v\r\nConnection: X-Drop\r\n"
                        + "X-Drop: 1\r\nKeep-Alive: 5\r\nContent-Length: 5\r\n\r\nhello"));
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.get(1, "/p?q=1", "x-a", "1", "cookie", "a=1", "cookie", "b=2");

            Http2Wire.Response response = client.response(1);

            assertThat(response.status()).isEqualTo("200");
            assertThat(response.body()).isEqualTo("hello");
            assertThat(response.end()).isEqualTo("end");
            assertThat(response.head())
                    .contains("x-mixed-case: v\n", "content-length: 5\n", "date: ")
                    .doesNotContain("x-drop", "keep-alive", "connection", "transfer-encoding");
        }
        Message request = upstream.onlyRequest();
        assertThat(request.head().start()).isEqualTo("GET /p?q=1 HTTP/1.1");
        assertThat(request.head().one("host")).isEqualTo("example.com");
        assertThat(request.head().one("cookie")).isEqualTo("a=1; b=2");
        assertThat(request.head().one("via")).isEqualTo("2 pointsman");
        assertThat(request.head().all("transfer-encoding")).isEmpty();
        assertThat(request.head().all("content-length")).isEmpty();
    }

    @Test
    void a_body_without_a_length_goes_on_in_chunks_and_trailers_go_both_ways() throws Exception {
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.send(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Checksum: 9\r\n\r\n"));
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.post(1, "/", "te", "trailers").data(1, "da", false).data(1, "ta", false);
            client.headers(1, true, "x-sum", "7");

            Http2Wire.Response response = client.response(1);

            assertThat(response.body()).isEqualTo("abc");
            assertThat(response.trailers()).isEqualTo("x-checksum: 9\n");
        }
        Message request = upstream.onlyRequest();
        assertThat(request.body()).isEqualTo("data");
        assertThat(request.head().one("transfer-encoding")).isEqualTo("chunked");
        assertThat(request.trailers().one("x-sum")).isEqualTo("7");
    }

    @Test
    void a_body_with_a_length_goes_on_with_it() throws Exception {
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, request.body()));
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.post(1, "/", "content-length", "4").data(1, "data", true);

            assertThat(client.response(1).body()).isEqualTo("data");
        }
        assertThat(upstream.onlyRequest().head().one("content-length")).isEqualTo("4");
        assertThat(upstream.onlyRequest().head().all("transfer-encoding")).isEmpty();
    }

    @Test
    void requests_are_served_at_the_same_time_and_in_any_order() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        proxy.upstream((request, wire) -> {
            if (request.head().uri().equals("/slow")) {
                assertThat(second.await(5, TimeUnit.SECONDS)).isTrue();
            }
            wire.respond(200, request.head().uri());
        });
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.get(1, "/slow").get(3, "/fast");
            assertThat(client.response(3).body()).isEqualTo("/fast");
            second.countDown();
            assertThat(client.response(1).body()).isEqualTo("/slow");
        }
    }

    @Test
    void responses_without_a_body_are_a_head_that_ends_the_stream() throws Exception {
        proxy.upstream((request, wire) -> wire.send(
                request.head().uri().equals("/204")
                        ? "HTTP/1.1 204 No Content\r\n\r\n"
                        : "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n"));
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.headers(
                    1, true, ":method", "HEAD", ":scheme", "http", ":authority", "example.com", ":path", "/head");
            Http2Wire.Frame head = client.skipTo(frame -> frame.stream() == 1);
            assertThat(head.isEnd()).isTrue();
            assertThat(client.decode(head.payload()))
                    .startsWith(":status: 200\n")
                    .contains("content-length: 7\n");
            client.get(3, "/204");
            Http2Wire.Frame none = client.skipTo(frame -> frame.stream() == 3);
            assertThat(none.isEnd()).isTrue();
            assertThat(client.decode(none.payload()))
                    .startsWith(":status: 204\n")
                    .doesNotContain("content-length");
        }
    }

    @Test
    void interim_responses_come_first_and_100_is_the_instances() throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readHead();
            wire.send("HTTP/1.1 100 Continue\r\n\r\n");
            String body = wire.read(4);
            wire.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"
                    + body);
        });
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.post(1, "/", "expect", "100-continue", "content-length", "4");
            Http2Wire.Frame proceed = client.skipTo(frame -> frame.type() == Http2Wire.HEADERS);
            assertThat(client.decode(proceed.payload())).isEqualTo(":status: 100\n");
            client.data(1, "data", true);
            Http2Wire.Frame hints = client.skipTo(frame -> frame.type() == Http2Wire.HEADERS);
            assertThat(client.decode(hints.payload())).isEqualTo(":status: 103\nlink: </a>\n");
            assertThat(client.response(1).body()).isEqualTo("data");
        }
    }

    @Test
    void a_response_that_breaks_off_is_reset_and_the_connection_goes_on() throws Exception {
        proxy.rawUpstream(wire -> {
            String uri = wire.readHead().uri();
            wire.send(
                    uri.equals("/whole")
                            ? "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
                            : "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart");
        });
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.get(1, "/part");
            assertThat(client.response(1).end()).isEqualTo("reset " + Http2Error.INTERNAL_ERROR.code());
            client.get(3, "/whole");
            assertThat(client.response(3).body()).isEqualTo("ok");
        }
    }

    @Test
    void a_client_that_cancels_ends_the_exchange_at_the_instance_at_once() throws Exception {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        CountDownLatch arrived = new CountDownLatch(1);
        proxy.rawUpstream(wire -> {
            wire.readHead();
            arrived.countDown();
            ended.complete(wire.ends());
        });
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.get(1, "/");
            assertThat(arrived.await(5, TimeUnit.SECONDS)).isTrue();
            client.frame(Http2Wire.RST_STREAM, 0, 1, Http2Wire.int32(8));
            assertThat(ended.get(3, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void what_is_left_of_a_request_is_not_waited_for_once_it_is_responded_to() throws Exception {
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.post(1, "/");
            assertThat(client.skipTo(frame -> frame.isEnd()).stream()).isEqualTo(1);
            assertThat(client.resetOf(1)).isEqualTo((int) Http2Error.NO_ERROR.code());
        }
    }

    @Test
    void a_connect_is_refused() throws Exception {
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.headers(1, false, ":method", "CONNECT", ":authority", "example.com:443");
            assertThat(client.response(1).status()).isEqualTo("405");
        }
    }

    @Test
    void a_websocket_comes_by_an_extended_connect() throws Exception {
        proxy.rawUpstream(wire -> {
            Head head = wire.readHead();
            String accept = WebSocketHandshake.accept(String.valueOf(head.one("sec-websocket-key")));
            assertThat(head.start()).isEqualTo("GET /ws HTTP/1.1");
            wire.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Accept: " + accept + "\r\n\r\nwelcome");
            wire.send(wire.read(4));
            wire.ends();
        });
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.webSocket(1);
            Http2Wire.Frame head = client.skipTo(frame -> frame.stream() == 1);
            assertThat(client.decode(head.payload()))
                    .startsWith(":status: 200\n")
                    .contains("sec-websocket-protocol: chat\n")
                    .doesNotContain("accept", "upgrade");
            assertThat(client.next().payload()).isEqualTo("welcome");
            client.data(1, "ping", false);
            assertThat(client.skipTo(frame -> frame.type() == Http2Wire.DATA).payload())
                    .isEqualTo("ping");
            client.data(1, "", true);
            assertThat(client.skipTo(frame -> frame.isEnd()).stream()).isEqualTo(1);
        }
    }

    @Test
    void what_comes_in_very_small_parts_before_a_websocket_stands_arrives_whole() throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        proxy.rawUpstream(wire -> {
            Head head = wire.readHead();
            sent.await(5, TimeUnit.SECONDS);
            wire.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: "
                    + WebSocketHandshake.accept(String.valueOf(head.one("sec-websocket-key"))) + "\r\n\r\n");
            wire.send(wire.read(20_000));
        });
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.webSocket(1);
            client.raw(Http2Wire.frameBytes(Http2Wire.DATA, 0, 1, "x").repeat(20_000));
            client.frame(Http2Wire.PING, 0, 0, "12345678").skipTo(frame -> frame.type() == Http2Wire.PING);
            sent.countDown();
            StringBuilder back = new StringBuilder();
            Http2Wire.Frame part = client.skipTo(frame -> frame.type() == Http2Wire.DATA);
            while (part.type() != -1 && back.length() < 20_000) {
                back.append(part.payload());
                part = back.length() < 20_000 ? client.skipTo(frame -> frame.type() == Http2Wire.DATA) : part;
            }
            assertThat(back).hasSize(20_000);
        }
    }

    @Test
    void what_an_instance_sends_last_through_a_websocket_is_not_overtaken_by_a_reset() throws Exception {
        proxy.rawUpstream(wire -> {
            Head head = wire.readHead();
            wire.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: "
                    + WebSocketHandshake.accept(String.valueOf(head.one("sec-websocket-key")))
                    + "\r\n\r\nfarewell");
        });
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.webSocket(1);
            Http2Wire.Frame last = client.skipTo(frame -> frame.isEnd() || frame.type() == Http2Wire.RST_STREAM);
            assertThat(last.isEnd()).isTrue();
            client.data(1, "a late word", false).frame(Http2Wire.PING, 0, 0, "12345678");
            assertThat(client.skipTo(frame -> frame.type() == Http2Wire.RST_STREAM || frame.type() == Http2Wire.PING)
                            .type())
                    .isEqualTo(Http2Wire.PING);
            client.data(1, "", true);
        }
    }

    @Test
    void an_instance_that_does_not_switch_does_not_look_like_one_that_did() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "a page"));
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.webSocket(1);
            assertThat(client.response(1).status()).isEqualTo("502");
        }
    }
}
