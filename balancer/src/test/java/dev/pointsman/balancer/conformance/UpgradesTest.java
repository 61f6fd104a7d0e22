package dev.pointsman.balancer.conformance;

import static dev.pointsman.balancer.conformance.RawMessage.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Head;
import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.StrictReader;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.io.EOFException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Upgrades (RFC 9110, 7.8) and the handshake of web sockets (RFC 6455, 4). */
class UpgradesTest {
    private static final String[] SOCKET = {
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol: chat, superchat",
        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
        "Origin: http://example.com"
    };
    private static final String SWITCHED = head(
            "HTTP/1.1 101 Switching Protocols",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
            "Sec-WebSocket-Protocol: chat");

    @RegisterExtension
    private static final TestProxy proxy = TestProxy.shared();

    @Test
    void the_handshake_s_fields_pass_both_ways_and_stand_there_once() throws Exception {
        CompletableFuture<Head> asked = new CompletableFuture<>();
        proxy.rawUpstream(wire -> {
            asked.complete(wire.readHead());
            wire.send(SWITCHED);
        });
        Wire client = proxy.connect();

        TestProxy.sendRequest(client, "GET", "/ws?a=b", SOCKET);

        Head response = new StrictReader(client).readResponseHead();
        assertThat(response.status()).isEqualTo(101);
        assertThat(response.one("upgrade")).isEqualToIgnoringCase("websocket");
        assertThat(response.one("connection")).isEqualToIgnoringCase("upgrade");
        assertThat(response.one("sec-websocket-accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assertThat(response.one("sec-websocket-protocol")).isEqualTo("chat");
        assertThat(response.has("content-length")).isFalse();
        assertThat(response.has("transfer-encoding")).isFalse();
        Head arrived = asked.get(10, TimeUnit.SECONDS);
        assertThat(arrived.start()).isEqualTo("GET /ws?a=b HTTP/1.1");
        assertThat(arrived.one("host")).isEqualTo("example.com");
        for (String field : SOCKET) {
            assertThat(arrived.one(field.substring(0, field.indexOf(':'))))
                    .isEqualToIgnoringCase(field.substring(field.indexOf(':') + 2));
        }
        assertThat(arrived.one("x-forwarded-for")).isEqualTo("127.0.0.1");
    }

    @Test
    void behind_a_request_for_another_protocol_that_the_balancer_itself_refuses_the_next_one_is_served()
            throws Exception {
        // There is no instance.
        Wire client = proxy.connect();
        for (int i = 0; i < 3; i++) {
            TestProxy.sendRequest(
                    client,
                    "GET",
                    "/",
                    "Connection: Upgrade, HTTP2-Settings",
                    "Upgrade: h2c",
                    "HTTP2-Settings: AAMAAABk");

            assertThat(client.readMessage().status()).isEqualTo(503);
        }
    }

    @ParameterizedTest(name = "Connection: {0}, Upgrade: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "Upgrade | websocket",
                "upgrade | WebSocket",
                "UPGRADE | WEBSOCKET",
                "keep-alive, Upgrade | websocket",
                "Upgrade,keep-alive | websocket",
                "keep-alive~Connection: Upgrade | websocket"
            })
    void a_web_socket_may_be_asked_for_in_any_spelling(String connection, String upgrade) throws Exception {
        proxy.rawUpstream(wire -> {
            Head head = wire.readHead();
            assertThat(head.one("upgrade")).isEqualToIgnoringCase("websocket");
            wire.send(SWITCHED + "hello");
        });
        Wire client = proxy.connect();

        TestProxy.sendRequest(
                client, "GET", "/ws", ("Connection: " + connection).replace("~", "\r\n"), "Upgrade: " + upgrade);

        assertThat(client.readHead().status()).isEqualTo(101);
        assertThat(client.read(5)).isEqualTo("hello");
    }

    @Test
    void bytes_in_the_same_packet_as_a_request_that_is_not_upgraded_never_pass_for_the_protocol_s() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> {
            seen.add(request.head().uri());
            wire.respond(request.head().has("upgrade") ? 403 : 200, "no");
        });
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);
        client.send(head("GET /ws HTTP/1.1", "Host: a", String.join("\r\n", SOCKET))
                + head("GET /next HTTP/1.1", "Host: a"));

        assertThat(responses.readResponse("GET").status()).isEqualTo(403);
        // What follows a refused upgrade is HTTP again: either it is served, or the connection has ended.
        try {
            assertThat(responses.readResponse("GET").status()).isEqualTo(200);
        } catch (EOFException ended) {
            assertThat(proxy.get("/next").status()).isEqualTo(200);
        }
        assertThat(seen).containsExactly("/ws", "/next");
        assertThat(upstream.received())
                .allSatisfy(request -> assertThat(request.body()).isEmpty());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno",
                "HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n",
                "HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 8\r\nContent-Length: 2\r\n\r\nno",
                "HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 2\r\n\r\nno",
                "HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno"
            })
    void a_refusal_passes_whole_and_the_connection_stays_http(String refusal) throws Exception {
        proxy.strictUpstream((request, wire) -> {
            if (request.head().has("upgrade")) {
                wire.send(refusal);
            } else {
                wire.respond(200, "next");
            }
        });
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);

        for (int i = 0; i < 2; i++) {
            TestProxy.sendRequest(client, "GET", "/ws", SOCKET);
            Message response = responses.readResponse("GET");
            assertThat(response.head().start()).isEqualTo(refusal.substring(0, refusal.indexOf('\r')));
            assertThat(response.body()).isEqualTo("no");
            TestProxy.sendRequest(client, "GET", "/next");
            assertThat(responses.readResponse("GET").body()).isEqualTo("next");
        }
    }

    @Test
    void an_interim_response_before_the_101_passes_too() throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readHead();
            wire.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + SWITCHED + "hello");
        });
        Wire client = proxy.connect();
        TestProxy.sendRequest(client, "GET", "/ws", SOCKET);

        StrictReader responses = new StrictReader(client);
        Head first = responses.readResponseHead();
        if (first.status() == 103) {
            first = responses.readResponseHead();
        }
        assertThat(first.status()).isEqualTo(101);
        assertThat(client.read(5)).isEqualTo("hello");
    }

    /** RFC 9110, 7.8: the 101 names the protocol, and it is one that was asked for. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"X: y", "Connection: Upgrade", "Upgrade: foo\r\nConnection: Upgrade"})
    void a_101_to_something_else_is_a_bad_gateway(String fields) throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readHead();
            wire.send("HTTP/1.1 101 Switching Protocols\r\n" + fields + "\r\n\r\nhello");
        });
        Wire client = proxy.connect();

        TestProxy.sendRequest(client, "GET", "/ws", SOCKET);

        assertThat(new StrictReader(client).readResponse("GET").status()).isEqualTo(502);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"Connection: keep-alive", "X: y", "Connection: X-Upgrade"})
    void an_upgrade_that_connection_does_not_name_is_none(String field) throws Exception {
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> wire.respond(200, "plain"));

        assertThat(proxy.get("/", field, "Upgrade: websocket").body()).isEqualTo("plain");

        assertThat(upstream.onlyRequest().head().has("upgrade")).isFalse();
        assertThat(upstream.onlyRequest().head().all("connection")).noneMatch(value -> value.contains("pgrade"));
    }

    @Test
    void http_1_0_has_no_upgrades() throws Exception {
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> wire.respond(200, "plain"));
        Wire client = proxy.connect();

        client.send(head("GET /ws HTTP/1.0", "Host: a", String.join("\r\n", SOCKET)));

        assertThat(client.readMessage().body()).isEqualTo("plain");
        assertThat(upstream.onlyRequest().head().has("upgrade")).isFalse();
    }

    /** RFC 9110, 7.8 leaves it to the proxy: the protocol is asked for as it is, or not at all. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"foo", "foo/2", "TLS/1.0", "h2c"})
    void an_unknown_protocol_is_tunnelled_as_that_or_not_asked_for(String protocol) throws Exception {
        proxy.rawUpstream(wire -> {
            Head head = wire.readHead();
            if (head.has("upgrade")) {
                assertThat(head.one("upgrade")).isEqualTo(protocol);
                wire.sendHead("HTTP/1.1 101 Switching Protocols", "Connection: upgrade", "Upgrade: " + protocol);
                wire.send("hello");
            } else {
                wire.respond(200, "plain");
            }
        });
        Wire client = proxy.connect();

        TestProxy.sendRequest(client, "GET", "/", "Connection: Upgrade", "Upgrade: " + protocol);

        Head head = client.readHead();
        if (head.status() == 101) {
            assertThat(head.one("upgrade")).isEqualTo(protocol);
            assertThat(client.read(5)).isEqualTo("hello");
        } else {
            assertThat(head.status()).isEqualTo(200);
        }
    }

    @Test
    void an_upgrade_with_a_body_loses_neither_framing_nor_body() throws Exception {
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);
        String hidden = head("GET /hidden HTTP/1.1", "Host: a");

        client.send(
                head("GET /ws HTTP/1.1", "Host: a", String.join("\r\n", SOCKET), "Content-Length: " + hidden.length())
                        + hidden
                        + head("GET /next HTTP/1.1", "Host: a"));

        int first = responses.readResponse("GET").status();
        assertThat(first).isIn(200, 400);
        if (first == 200) {
            assertThat(responses.readResponse("GET").body()).isEqualTo("ok");
        }
        proxy.get("/later");
        assertThat(upstream.received())
                .extracting(request -> request.head().uri())
                .doesNotContain("/hidden")
                .endsWith("/later");
    }
}
