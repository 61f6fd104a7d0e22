package dev.pointsman.balancer.proxy;

import static dev.pointsman.balancer.testkit.TestProxy.sendRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.balancer.testkit.Head;
import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.WebSocketHandshake;
import dev.pointsman.balancer.testkit.Wire;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WebSocketTest {
    @RegisterExtension
    private final TestProxy proxy = new TestProxy("explain-secret=0123456789abcdef");

    @Test
    void bytes_go_both_ways_and_none_is_lost_that_came_with_the_head() throws Exception {
        CompletableFuture<Head> asked = new CompletableFuture<>();
        proxy.rawUpstream(wire -> {
            asked.complete(wire.readHead());
            wire.send(WebSocketHandshake.SWITCHING + "welcome");
            for (String said = wire.read(4); !said.equals("done"); said = wire.read(4)) {
                wire.send(said);
            }
        });
        Wire client = proxy.connect();
        WebSocketHandshake.ask(client, "/ws");

        Head response = client.readHead();
        assertThat(response.status()).isEqualTo(101);
        assertThat(response.one("upgrade")).isEqualToIgnoringCase("websocket");
        assertThat(response.one("connection")).isEqualToIgnoringCase("upgrade");
        assertThat(response.one("sec-websocket-accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assertThat(client.read(7)).isEqualTo("welcome");
        for (String word : new String[] {"ping", "pong", "\u0000\u00ff\r\n"}) {
            client.send(word);
            assertThat(client.read(4)).isEqualTo(word);
        }
        client.send("done");
        assertThat(client.ends()).isTrue();

        Head arrived = asked.get(5, TimeUnit.SECONDS);
        assertThat(arrived.one("upgrade")).isEqualTo("websocket");
        assertThat(arrived.one("connection")).isEqualToIgnoringCase("upgrade");
        assertThat(arrived.one("sec-websocket-key")).isEqualTo("dGhlIHNhbXBsZSBub25jZQ==");
        assertThat(arrived.one("x-forwarded-for")).isEqualTo("127.0.0.1");
    }

    @Test
    void a_switch_is_explained_and_the_tunnel_is_as_any_other() throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readHead();
            wire.send(WebSocketHandshake.SWITCHING.replace(
                    "Upgrade: websocket", "Upgrade: websocket\r\nX-Pointsman-Route: forged"));
            wire.send(wire.read(4)).read(4);
        });
        Wire client = proxy.connect();
        WebSocketHandshake.ask(client, "/ws", "X-Pointsman-Explain: 0123456789abcdef");

        Head head = client.readHead();

        assertThat(head.status()).isEqualTo(101);
        assertThat(head.one("x-pointsman-result")).startsWith("101;by=instance");
        assertThat(head.all("x-pointsman-route")).singleElement().asString().startsWith("\"/\"");
        assertThat(client.send("ping").read(4)).isEqualTo("ping");
        client.send("done");
        assertThat(client.ends()).isTrue();
    }

    @Test
    void an_open_tunnel_counts_as_in_flight_and_ends_for_the_upstream_when_the_client_leaves() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        proxy.rawUpstream(wire -> {
            wire.readHead();
            wire.send(WebSocketHandshake.SWITCHING);
            if (wire.ends()) {
                ended.countDown();
            }
        });
        Wire client = proxy.connect();
        WebSocketHandshake.ask(client, "/ws");
        assertThat(client.readHead().status()).isEqualTo(101);
        assertThat(proxy.upstreams().get(0).inFlight()).isEqualTo(1);

        client.close();

        assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
        proxy.awaitIdle();
    }

    @Test
    void a_refusal_passes_through_and_both_connections_stay_http() throws Exception {
        proxy.upstream((request, wire) ->
                wire.respond(request.head().has("upgrade") ? 403 : 200, "not for you", "X-Why: because"));
        Wire client = proxy.connect();
        WebSocketHandshake.ask(client, "/ws");

        Message response = client.readMessage();
        assertThat(response.status()).isEqualTo(403);
        assertThat(response.body()).isEqualTo("not for you");
        assertThat(response.head().one("x-why")).isEqualTo("because");
        sendRequest(client, "GET", "/");
        assertThat(client.readMessage().status()).isEqualTo(200);
    }

    @Test
    void an_upgrade_goes_on_to_the_next_upstream_when_one_refuses_the_connection() throws Exception {
        proxy.refusingUpstream();
        proxy.rawUpstream(wire -> {
            wire.readHead();
            wire.send(WebSocketHandshake.SWITCHING + "welcome");
        });
        Wire client = proxy.connect();
        WebSocketHandshake.ask(client, "/ws");

        assertThat(client.readHead().status()).isEqualTo(101);
        assertThat(client.read(7)).isEqualTo("welcome");
    }

    @Test
    void an_upgrade_to_something_else_is_forwarded_as_a_plain_request() throws Exception {
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, "plain"));

        Message response =
                proxy.get("/", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk");

        assertThat(response.body()).isEqualTo("plain");
        assertThat(upstream.onlyRequest().head().has("upgrade")).isFalse();
        assertThat(upstream.onlyRequest().head().has("http2-settings")).isFalse();
    }

    @Test
    void a_slow_reader_holds_the_upstream_back() throws Exception {
        int piece = 64 * 1024;
        long huge = 96L * 1024 * 1024;
        AtomicLong sent = new AtomicLong();
        CountDownLatch over = new CountDownLatch(1);
        proxy.rawUpstream(wire -> {
            wire.readHead();
            wire.send(WebSocketHandshake.SWITCHING);
            byte[] bytes = new byte[piece];
            while (sent.get() < huge) {
                wire.send(bytes);
                sent.addAndGet(piece);
            }
            over.countDown();
        });
        Wire client = proxy.connect();
        WebSocketHandshake.ask(client, "/ws");
        client.readHead();
        AtomicLong before = new AtomicLong(-1);
        await().pollInterval(300, TimeUnit.MILLISECONDS)
                .until(() -> sent.get() > 0 && before.getAndSet(sent.get()) == sent.get());

        assertThat(sent).hasValueLessThan(40L * 1024 * 1024);

        for (long taken = 0; taken < huge; taken += piece) {
            client.read(piece);
        }
        assertThat(over.await(20, TimeUnit.SECONDS)).isTrue();
    }
}
