package dev.pointsman.balancer.downstream;

import static dev.pointsman.balancer.testkit.TestProxy.sendRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.balancer.testkit.Http2Wire;
import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one client may ask of the proxy. */
class LimitsTest {
    @RegisterExtension
    private final TestProxy proxy =
            new TestProxy("max-head=8k", "max-connections=3", "head-timeout=1s", "idle-timeout=30s");

    @Test
    void a_head_within_the_limit_passes() throws Exception {
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, "x"));

        assertThat(proxy.get("/" + "a".repeat(3000), "X-Long: " + "b".repeat(6000))
                        .status())
                .isEqualTo(200);
        assertThat(upstream.onlyRequest().head().one("x-long")).hasSize(6000);
    }

    @Test
    void fields_beyond_the_limit_are_too_large() throws Exception {
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, "x"));
        Wire client = proxy.connect();

        sendRequest(client, "GET", "/", "X-Long: " + "b".repeat(9000));

        assertThat(client.readMessage().status()).isEqualTo(431);
        assertThat(client.ends()).isTrue();
        assertThat(upstream.connections()).isZero();
    }

    @Test
    void a_request_line_beyond_the_limit_is_too_long() throws Exception {
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, "x"));
        Wire client = proxy.connect();

        sendRequest(client, "GET", "/" + "a".repeat(5000));

        assertThat(client.readMessage().status()).isEqualTo(414);
        assertThat(client.ends()).isTrue();
        assertThat(upstream.connections()).isZero();
    }

    @Test
    void a_response_s_head_beyond_the_limit_is_a_bad_gateway() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "x", "X-Long: " + "b".repeat(9000)));

        assertThat(proxy.get("/").status()).isEqualTo(502);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GARBAGE\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
                "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost : h\r\nX Y: z\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
            })
    void what_is_not_http_never_reaches_an_upstream(String nonsense) throws Exception {
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, "x"));
        Wire client = proxy.connect();

        client.send(nonsense);

        Message response = client.readMessage();
        assertThat(response.status()).isBetween(400, 599);
        assertThat(client.ends()).isTrue();
        assertThat(upstream.received()).isEmpty();
    }

    @Test
    void a_connection_beyond_the_limit_is_told_so_and_closed_and_a_place_that_is_left_is_free_again() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "x"));
        Wire first = proxy.connect();
        exchange(first);
        exchange(proxy.connect());
        exchange(proxy.connect());

        Wire oneTooMany = proxy.connect();
        assertThat(oneTooMany.readMessage().status()).isEqualTo(503);
        assertThat(oneTooMany.ends()).isTrue();

        first.close();
        await().untilAsserted(() -> exchange(proxy.connect()));
    }

    @Test
    void a_head_that_trickles_in_is_not_waited_for() throws Exception {
        Wire client = proxy.connect();
        client.send("GET / HTTP/1.1\r\nHo");

        assertThat(client.readMessage().status()).isEqualTo(408);
        assertThat(client.ends()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: h\r\nX: y\r\n"})
    void nor_is_one_of_which_whole_lines_have_arrived(String lines) throws Exception {
        Wire client = proxy.connect();
        client.send(lines);

        assertThat(client.readMessage().status()).isEqualTo(408);
        assertThat(client.ends()).isTrue();
    }

    @Test
    void nor_is_one_of_which_whole_lines_have_arrived_behind_another_request() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "x"));
        Wire client = proxy.connect();
        exchange(client);
        client.send("GET / HTTP/1.1\r\nHost: h\r\n");

        assertThat(client.readMessage().status()).isEqualTo(408);
        assertThat(client.ends()).isTrue();
    }

    @Test
    void a_connection_that_says_nothing_at_all_is_closed() throws Exception {
        assertThat(proxy.connect().ends()).isTrue();
    }

    @Test
    void a_connection_that_brought_a_request_in_time_may_stay() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "x"));
        Wire kept = proxy.connect();
        exchange(kept);
        // Later than the first one's time for a head: another connection's whole time passes meanwhile.
        assertThat(proxy.connect().ends()).isTrue();

        exchange(kept);
    }

    private static void exchange(Wire client) throws Exception {
        sendRequest(client, "GET", "/");
        assertThat(client.readMessage().status()).isEqualTo(200);
    }

    @Test
    void a_web_socket_that_ended_gives_its_place_back() throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readHead();
            wire.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
            wire.ends();
        });
        for (int more = 0; more < 4; more++) {
            await().ignoreExceptions().untilAsserted(() -> {
                try (Wire client = proxy.connect()) {
                    sendRequest(client, "GET", "/ws", "Connection: Upgrade", "Upgrade: websocket");
                    assertThat(client.readHead().status()).isEqualTo(101);
                }
            });
        }
    }

    @Test
    void clients_beyond_the_limit_are_turned_away_in_the_version_that_they_speak() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "x"));
        for (int i = 0; i < 3; i++) {
            Wire taken = proxy.connect();
            sendRequest(taken, "GET", "/");
            assertThat(taken.readMessage().status()).isEqualTo(200);
        }
        try (Http2Wire newer = Http2Wire.to(proxy.port())) {
            newer.get(1, "/");
            Http2Wire.Frame goAway = newer.skipTo(frame -> frame.type() == Http2Wire.GOAWAY);
            assertThat(goAway.payload()).isEqualTo(Http2Wire.int32(0) + Http2Wire.int32(11));
        }
        Wire older = proxy.connect();
        sendRequest(older, "GET", "/");
        assertThat(older.readMessage().status()).isEqualTo(503);
        assertThat(proxy.connect().readMessage().status()).as("without a word").isEqualTo(503);
    }
}
