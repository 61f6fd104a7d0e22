package dev.pointsman.balancer.proxy;

import static dev.pointsman.balancer.testkit.TestProxy.sendRequest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a request when upstreams fail. */
class FailureTest {
    @RegisterExtension
    private final TestProxy proxy = new TestProxy("response-timeout=1s", "route=/svc=svc");

    @Test
    void a_path_that_no_route_takes_is_not_found() throws Exception {
        Message response = proxy.get("/other");

        assertThat(response.status()).isEqualTo(404);
        assertThat(response.body()).startsWith("404 no route for this path (request ");
        assertThat(response.head().one("content-type")).startsWith("text/plain");
    }

    @Test
    void two_spellings_of_a_path_take_the_same_route() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "x"));

        assertThat(proxy.get("/x/../%73vc//y").status()).isEqualTo(200);
        assertThat(proxy.get("/svc/../other").status()).isEqualTo(404);
        assertThat(proxy.get("/svcx").status()).isEqualTo(404);
    }

    @Test
    void without_an_instance_the_client_is_asked_to_come_again() throws Exception {
        Message response = proxy.get("/svc");

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.head().one("retry-after")).isEqualTo("1");
    }

    @Test
    void a_response_of_the_proxy_s_own_to_head_has_no_body_and_the_connection_goes_on() throws Exception {
        Wire client = proxy.connect();
        sendRequest(client, "HEAD", "/svc");
        assertThat(client.readResponseToHead().status()).isEqualTo(503);

        sendRequest(client, "GET", "/other");
        assertThat(client.readMessage().status()).isEqualTo(404);
    }

    @Test
    void the_body_of_a_refused_request_does_not_block_the_connection() throws Exception {
        Wire client = proxy.connect();
        sendRequest(client, "POST", "/svc", "Content-Length: 200000");
        client.send("x".repeat(200_000));
        assertThat(client.readMessage().status()).isEqualTo(503);

        sendRequest(client, "POST", "/other", "Content-Length: 200000");
        client.send("x".repeat(200_000));
        assertThat(client.readMessage().status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void a_refused_connection_sends_any_request_on_to_the_next_upstream(String method) throws Exception {
        proxy.refusingUpstream();
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> wire.respond(200, "got " + request.body()));

        Message response = method.equals("GET") ? proxy.get("/svc") : proxy.post("/svc", "data");

        assertThat(response.status()).isEqualTo(200);
        assertThat(upstream.onlyRequest().body()).isEqualTo(method.equals("GET") ? "" : "data");
        assertThat(proxy.upstreams().get(0).failures()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void when_every_connection_is_refused_the_gateway_is_bad(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            proxy.refusingUpstream();
        }

        Message response = proxy.get("/svc");

        assertThat(response.status()).isEqualTo(502);
        assertThat(response.body()).startsWith("502 the service could not be reached (request ");
        assertThat(proxy.upstreams().stream()
                        .mapToLong(upstream -> upstream.picks())
                        .sum())
                .isEqualTo(count);
    }

    @Test
    void a_post_with_a_body_is_served_too_when_every_connection_is_refused() throws Exception {
        proxy.refusingUpstream();

        Wire client = proxy.connect();
        sendRequest(client, "POST", "/svc", "Content-Length: 200000");
        client.send("x".repeat(200_000));
        assertThat(client.readMessage().status()).isEqualTo(502);

        sendRequest(client, "GET", "/other");
        assertThat(client.readMessage().status()).isEqualTo(404);
    }

    @Test
    void an_upstream_that_does_not_respond_in_time_is_not_asked_again_and_no_other_either() throws Exception {
        ScriptedUpstream silent = proxy.upstream((request, wire) -> wire.ends());
        ScriptedUpstream other = proxy.upstream((request, wire) -> wire.respond(200, "x"));

        Message response = proxy.get("/svc");

        assertThat(response.status()).isEqualTo(504);
        assertThat(response.body()).startsWith("504 the service did not respond in time (request ");
        assertThat(silent.received()).hasSize(1);
        assertThat(other.received()).isEmpty();
        assertThat(proxy.upstreams().get(0).failures()).isEqualTo(1);
    }

    @Test
    void an_upstream_that_takes_its_time_over_a_body_is_no_failure() throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readMessage();
            wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 2").send("a");
            // Longer than the time for a head: a second connection's whole time-out passes meanwhile.
            assertThat(proxy.get("/svc/other").status()).isEqualTo(504);
            wire.send("b");
            wire.ends();
        });
        proxy.upstream((request, wire) -> wire.ends());

        assertThat(proxy.get("/svc").body()).isEqualTo("ab");
    }

    @Test
    void a_get_is_repeated_elsewhere_when_the_upstream_breaks_off_before_it_responded() throws Exception {
        ScriptedUpstream broken = proxy.upstream((request, wire) -> wire.reset());
        ScriptedUpstream other = proxy.upstream((request, wire) -> wire.respond(200, "x"));

        assertThat(proxy.get("/svc").body()).isEqualTo("x");

        assertThat(broken.received()).hasSize(1);
        assertThat(other.received()).hasSize(1);
    }

    @Test
    void a_post_is_delivered_once_when_the_upstream_breaks_off_before_it_responded() throws Exception {
        ScriptedUpstream broken = proxy.upstream((request, wire) -> wire.reset());
        ScriptedUpstream other = proxy.upstream((request, wire) -> wire.respond(200, "x"));

        Message response = proxy.post("/svc", "data");

        assertThat(response.status()).isEqualTo(502);
        assertThat(response.body()).startsWith("502 the service broke off before it responded (request ");
        assertThat(broken.received()).hasSize(1);
        assertThat(other.received()).isEmpty();
    }

    @Test
    void a_post_without_a_body_is_delivered_once_too() throws Exception {
        ScriptedUpstream broken = proxy.upstream((request, wire) -> wire.reset());
        ScriptedUpstream other = proxy.upstream((request, wire) -> wire.respond(200, "x"));

        assertThat(proxy.request("POST", "/svc").status()).isEqualTo(502);

        assertThat(broken.received()).hasSize(1);
        assertThat(other.received()).isEmpty();
    }

    @Test
    void an_upstream_that_breaks_off_in_mid_request_is_a_bad_gateway() throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readHead();
            wire.read(4);
            wire.reset();
        });
        Wire client = proxy.connect();
        sendRequest(client, "POST", "/svc", "Content-Length: 8");
        client.send("data");

        assertThat(client.readMessage().status()).isEqualTo(502);
    }

    @Test
    void a_get_on_a_kept_connection_that_closed_under_us_is_repeated_on_a_new_one_to_the_same_upstream()
            throws Exception {
        AtomicInteger asked = new AtomicInteger();
        ScriptedUpstream upstream = proxy.upstream((request, wire) -> {
            if (asked.incrementAndGet() == 2) {
                // As if it had been on its way when the upstream closed the idle connection.
                wire.reset();
            } else {
                wire.respond(200, request.head().uri());
            }
        });
        assertThat(proxy.get("/svc/1").body()).isEqualTo("/svc/1");
        proxy.awaitIdle();

        assertThat(proxy.get("/svc/2").body()).isEqualTo("/svc/2");

        assertThat(upstream.connections()).isEqualTo(2);
    }

    @Test
    void a_kept_connection_that_the_upstream_closed_while_it_was_idle_is_not_used_for_a_post() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        ScriptedUpstream upstream = proxy.rawUpstream(wire -> {
            Message request = wire.readMessage();
            wire.respond(200, request.body());
            wire.close();
            closed.countDown();
        });
        assertThat(proxy.post("/svc", "one").body()).isEqualTo("one");
        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        // A whole exchange on the same event loop, so that it has seen the connection close.
        assertThat(proxy.get("/other").status()).isEqualTo(404);

        assertThat(proxy.post("/svc", "two").body()).isEqualTo("two");
        assertThat(upstream.connections()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9\r\n",
                "HTTP/1.1 abc\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                "\u0000\u0001\u0002\u0003\r\n\r\n"
            })
    void an_upstream_that_responds_with_nonsense_is_a_bad_gateway(String nonsense) throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readMessage();
            wire.send(nonsense);
            wire.ends();
        });

        assertThat(proxy.post("/svc", "data").status()).isEqualTo(502);
        proxy.awaitIdle();
        assertThat(proxy.upstreams().get(0).failures()).isEqualTo(1);
    }

    @Test
    void what_an_upstream_responds_with_is_no_failure_whatever_the_status() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(500, "theirs"));

        Message response = proxy.get("/svc");

        assertThat(response.status()).isEqualTo(500);
        assertThat(response.body()).isEqualTo("theirs");
        proxy.awaitIdle();
        assertThat(proxy.upstreams().get(0).failures()).isZero();
    }
}
