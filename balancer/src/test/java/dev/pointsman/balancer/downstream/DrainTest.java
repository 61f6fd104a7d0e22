package dev.pointsman.balancer.downstream;

import static dev.pointsman.balancer.testkit.TestProxy.sendRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How the proxy takes leave. */
class DrainTest {
    /** Clients that wait for their response at a time; more would overrun the queue of the upstream. */
    private static final int AT_ONCE = 20;

    @RegisterExtension
    private final TestProxy proxy = new TestProxy("drain=5s");

    @Test
    void once_leave_is_taken_each_response_says_that_the_connection_closes_and_it_does() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "x"));
        Wire kept = proxy.connect();
        sendRequest(kept, "GET", "/");
        assertThat(kept.readMessage().head().has("connection")).isFalse();

        proxy.beginDrain();

        sendRequest(kept, "GET", "/");
        Message last = kept.readMessage();
        assertThat(last.status()).isEqualTo(200);
        assertThat(last.head().one("connection")).isEqualToIgnoringCase("close");
        assertThat(kept.ends()).isTrue();
        assertThat(proxy.get("/").head().one("connection")).isEqualToIgnoringCase("close");
    }

    @Test
    void responses_of_the_proxy_s_own_take_leave_too() throws Exception {
        proxy.beginDrain();

        assertThat(proxy.get("/").head().one("connection")).isEqualToIgnoringCase("close");
    }

    @Test
    void a_kept_connection_is_served_once_more_after_the_port_has_closed() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, request.body()));
        int port = proxy.port();
        Wire kept = proxy.connect();
        sendRequest(kept, "GET", "/");
        kept.readMessage();

        Future<Void> stopping = proxy.stopping();
        awaitRefusal(port);
        sendRequest(kept, "POST", "/", "Content-Length: 4");
        kept.send("late");

        Message response = kept.readMessage();
        assertThat(response.body()).isEqualTo("late");
        assertThat(response.head().one("connection")).isEqualToIgnoringCase("close");
        assertThat(kept.endsInOrder()).isTrue();
        await().until(stopping::isComplete);
    }

    @Test
    void a_kept_connection_that_stays_silent_ends_and_nothing_is_waited_for_then() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "x"));
        Wire kept = proxy.connect();
        sendRequest(kept, "GET", "/");
        kept.readMessage();
        Wire neverUsed = proxy.connect();

        Future<Void> stopping = proxy.stopping();

        assertThat(kept.endsInOrder()).isTrue();
        assertThat(neverUsed.endsInOrder()).isTrue();
        kept.close();
        neverUsed.close();
        await().atMost(Duration.ofSeconds(4)).until(stopping::isComplete);
    }

    @Test
    void clients_that_the_kernel_had_connected_before_the_port_closed_are_served() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, request.body()));
        int port = proxy.port();
        List<Wire> connected = new ArrayList<>();
        Future<Void> stopping = proxy.stopping();
        try {
            while (true) {
                Wire client = proxy.connect();
                connected.add(client);
                sendRequest(client, "POST", "/", "Content-Length: 4");
                client.send("late");
                if (connected.size() > AT_ONCE) {
                    assertServed(connected.remove(0));
                }
            }
        } catch (IOException refused) {
            awaitRefusal(port);
        }

        for (Wire client : connected) {
            assertServed(client);
        }
        await().until(stopping::isComplete);
    }

    /** Not as an IOException, which would be taken for a refused connection. */
    private static void assertServed(Wire client) {
        assertThatCode(() -> {
                    assertThat(client.readMessage().body()).isEqualTo("late");
                    assertThat(client.endsInOrder()).isTrue();
                    client.close();
                })
                .doesNotThrowAnyException();
    }

    @Test
    void requests_that_had_arrived_one_behind_the_other_are_all_served() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        proxy.upstream((request, wire) -> {
            asked.countDown();
            goOn.await(10, TimeUnit.SECONDS);
            wire.respond(200, request.head().uri());
        });
        Wire client = proxy.connect();
        client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

        proxy.beginDrain();
        goOn.countDown();

        assertThat(client.readMessage().body()).isEqualTo("/1");
        Message last = client.readMessage();
        assertThat(last.body()).isEqualTo("/2");
        assertThat(last.head().one("connection")).isEqualToIgnoringCase("close");
        assertThat(client.endsInOrder()).isTrue();
    }

    @Test
    void a_client_that_goes_on_sending_after_its_last_response_can_read_it() throws Exception {
        String large = "x".repeat(300_000);
        proxy.upstream((request, wire) -> wire.respond(200, large));
        Wire client = proxy.connect();
        proxy.beginDrain();
        sendRequest(client, "GET", "/");
        assertThat(client.readHead().one("connection")).isEqualToIgnoringCase("close");

        sendRequest(client, "GET", "/not-served");

        assertThat(client.read(large.length())).isEqualTo(large);
        assertThat(client.endsInOrder()).isTrue();
    }

    @Test
    void a_tunnel_is_not_taken_for_a_silent_connection() throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readMessage();
            wire.sendHead(
                    "HTTP/1.1 101 Switching Protocols",
                    "Connection: Upgrade",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            wire.send(wire.read(4));
            wire.ends();
        });
        Wire client = proxy.connect();
        sendRequest(client, "GET", "/", "Connection: Upgrade", "Upgrade: websocket");
        assertThat(client.readHead().status()).isEqualTo(101);
        Wire silent = proxy.connect();

        Future<Void> stopping = proxy.stopping();

        assertThat(silent.endsInOrder()).isTrue();
        client.send("ping");
        assertThat(client.read(4)).isEqualTo("ping");
        assertThat(stopping.isComplete()).isFalse();
        client.close();
        silent.close();
        await().until(stopping::isComplete);
    }

    private static void awaitRefusal(int port) {
        await().untilAsserted(() -> assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Wire.to(port).close()));
    }

    @Test
    void a_request_in_flight_is_finished_before_the_port_and_the_connections_are_closed() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        proxy.rawUpstream(wire -> {
            wire.readMessage();
            asked.countDown();
            goOn.await(10, TimeUnit.SECONDS);
            wire.respond(200, "finished");
            wire.ends();
        });
        int port = proxy.port();
        Wire client = proxy.connect();
        Wire idle = proxy.connect();
        sendRequest(client, "GET", "/");
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

        proxy.beginDrain();
        Future<Void> stopping = proxy.stopping();
        awaitRefusal(port);
        assertThat(idle.endsInOrder()).isTrue();
        assertThat(stopping.isComplete()).isFalse();
        goOn.countDown();

        Message response = client.readMessage();
        assertThat(response.body()).isEqualTo("finished");
        assertThat(response.head().one("connection")).isEqualToIgnoringCase("close");
        assertThat(client.ends()).isTrue();
        await().until(stopping::isComplete);
        assertThat(stopping.succeeded()).isTrue();
    }
}
