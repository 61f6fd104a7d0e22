package dev.pointsman.balancer.conformance;

import static dev.pointsman.balancer.conformance.RawMessage.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes through once both sides have switched to another protocol. */
class TunnelTest {
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

    /**
     * Otherwise a request could be hidden from the server that reads them (CVE-2026-2833 of another proxy). A client
     * must not send any (RFC 6455, 4.1), so they may as well be the end of the connection.
     */
    @Test
    void bytes_that_come_before_the_101_reach_the_upstream_only_after_it() throws Exception {
        CountDownLatch looked = new CountDownLatch(1);
        CompletableFuture<String> early = new CompletableFuture<>();
        proxy.rawUpstream(wire -> {
            wire.readHead();
            looked.await(10, TimeUnit.SECONDS);
            early.complete(wire.readNow());
            wire.send(SWITCHED);
            wire.send(wire.read(5));
        });
        Wire client = proxy.connect();
        TestProxy.sendRequest(client, "GET", "/ws", SOCKET);
        client.send("early");
        // A whole exchange on the same event loop: had they been passed on, they were there by now.
        proxy.request("OPTIONS", "*");
        looked.countDown();

        assertThat(early.get(10, TimeUnit.SECONDS)).isEmpty();
        try {
            if (client.readHead().status() == 101) {
                assertThat(client.read(5)).isEqualTo("early");
            }
        } catch (IOException ended) {
            proxy.awaitIdle();
        }
    }

    @ParameterizedTest(name = "{0} bytes")
    @ValueSource(ints = {1, 1000, 65_535, 65_536, 3_000_000})
    void bytes_of_any_kind_and_number_pass_both_ways_unchanged(int length) throws Exception {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        proxy.rawUpstream(wire -> {
            wire.readHead();
            wire.send(SWITCHED);
            for (int taken = 0; taken < length; ) {
                int piece = Math.min(50_000, length - taken);
                wire.send(wire.read(piece));
                taken += piece;
            }
        });
        Wire client = proxy.connect();
        TestProxy.sendRequest(client, "GET", "/ws", SOCKET);
        assertThat(client.readHead().status()).isEqualTo(101);

        CompletableFuture<String> echoed = CompletableFuture.supplyAsync(() -> {
            try {
                return client.read(length);
            } catch (IOException broken) {
                throw new AssertionError(broken);
            }
        });
        client.send(bytes);

        byte[] back = echoed.get(30, TimeUnit.SECONDS).getBytes(StandardCharsets.ISO_8859_1);
        assertThat(Arrays.equals(back, bytes)).isTrue();
    }

    @Test
    void what_the_upstream_said_last_arrives_although_it_closes_at_once() throws Exception {
        String much = "x".repeat(500_000);
        proxy.rawUpstream(wire -> {
            wire.readHead();
            wire.send(SWITCHED + much);
        });
        Wire client = proxy.connect();
        TestProxy.sendRequest(client, "GET", "/ws", SOCKET);

        assertThat(client.readHead().status()).isEqualTo(101);
        assertThat(client.read(much.length()).equals(much)).isTrue();
        assertThat(client.ends()).isTrue();
    }

    @Test
    void what_the_client_said_last_arrives_although_it_closes_at_once() throws Exception {
        String much = "x".repeat(500_000);
        CompletableFuture<Boolean> whole = new CompletableFuture<>();
        proxy.rawUpstream(wire -> {
            wire.readHead();
            wire.send(SWITCHED);
            whole.complete(wire.read(much.length()).equals(much));
            wire.ends();
        });
        Wire client = proxy.connect();
        TestProxy.sendRequest(client, "GET", "/ws", SOCKET);
        assertThat(client.readHead().status()).isEqualTo(101);

        client.send(much);
        client.close();

        assertThat(whole.get(20, TimeUnit.SECONDS)).isTrue();
    }
}
