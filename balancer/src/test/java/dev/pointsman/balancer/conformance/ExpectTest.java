package dev.pointsman.balancer.conformance;

import static dev.pointsman.balancer.conformance.RawMessage.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Head;
import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.StrictReader;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expect: 100-continue (RFC 9110, 10.1.1): no side waits in vain, and a body that is not wanted is not sent. */
class ExpectTest {
    private static final String COUNTED =
            head("POST /x HTTP/1.1", "Host: a", "Expect: 100-continue", "Content-Length: 4");
    private static final String GET = head("GET /next HTTP/1.1", "Host: a");

    @RegisterExtension
    private final TestProxy proxy = new TestProxy();

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"100-continue", "100-Continue", "100-CONTINUE"})
    void a_client_that_waits_is_told_to_go_on(String expectation) throws Exception {
        proxy.strictUpstream((request, wire) -> wire.respond(200, "got " + request.body()));
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);

        client.send(COUNTED.replace("100-continue", expectation));
        assertThat(responses.readResponseHead().status()).isEqualTo(100);
        client.send("data" + GET);

        assertThat(responses.readResponse("POST").body()).isEqualTo("got data");
        assertThat(responses.readResponse("GET").body()).isEqualTo("got ");
    }

    @Test
    void a_client_that_waits_with_chunks_is_told_to_go_on() throws Exception {
        proxy.strictUpstream((request, wire) -> wire.respond(200, "got " + request.body()));
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);

        client.send(head("PUT /x HTTP/1.1", "Host: a", "Expect: 100-continue", "Transfer-Encoding: chunked"));
        assertThat(responses.readResponseHead().status()).isEqualTo(100);
        client.send("4\r\ndata\r\n0\r\n\r\n" + GET);

        assertThat(responses.readResponse("PUT").body()).isEqualTo("got data");
        assertThat(responses.readResponse("GET").body()).isEqualTo("got ");
    }

    @Test
    void a_client_that_does_not_wait_is_served_in_order_all_the_same() throws Exception {
        proxy.strictUpstream((request, wire) -> wire.respond(200, "got " + request.body()));
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);

        client.send(COUNTED + "data" + GET);

        Head first = responses.readResponseHead();
        if (first.status() == 100) {
            assertThat(responses.readResponse("POST").body()).isEqualTo("got data");
        } else {
            assertThat(first.status()).isEqualTo(200);
            assertThat(client.read(8)).isEqualTo("got data");
        }
        assertThat(responses.readResponse("GET").body()).isEqualTo("got ");
    }

    /** With no 100 from the upstream and none from the proxy, a client sends its body after a while. */
    @Test
    void an_upstream_that_never_says_100_gets_the_body_all_the_same() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "got " + request.body()));
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);

        client.send(COUNTED);
        proxy.get("/meanwhile");
        client.send("data");

        Head head = responses.readResponseHead();
        assertThat(head.status()).isIn(100, 200);
        if (head.status() == 100) {
            assertThat(responses.readResponse("POST").body()).isEqualTo("got data");
        } else {
            assertThat(client.read(8)).isEqualTo("got data");
        }
    }

    /** What the client would have sent is not read as a request, whether it sends it or not. */
    @ParameterizedTest(name = "the body is {0}")
    @ValueSource(strings = {"sent", "not sent"})
    void an_upstream_that_refuses_before_the_body_is_heard_at_once(String body) throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        proxy.rawUpstream(wire -> {
            Head head = wire.readHead();
            if (head.method().equals("POST")) {
                wire.respond(413, "too large");
                over.await(10, TimeUnit.SECONDS);
            } else {
                wire.respond(200, "ok");
            }
        });
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);
        String hidden = head("GET /hidden HTTP/1.1", "Host: a");

        client.send(head("POST /x HTTP/1.1", "Host: a", "Expect: 100-continue", "Content-Length: " + hidden.length()));
        Head first = responses.readResponseHead();
        Message refusal = null;
        if (first.status() == 100) {
            refusal = responses.readResponse("POST");
            first = refusal.head();
        } else {
            assertThat(client.read(9)).isEqualTo("too large");
        }
        assertThat(first.status()).isEqualTo(413);
        if (body.equals("sent")) {
            try {
                client.send(hidden);
            } catch (IOException closed) {
                // As the proxy may: it cannot know whether the body still comes.
            }
        }
        assertThat(proxy.get("/later").status()).isEqualTo(200);
        over.countDown();
    }

    @Test
    void a_client_of_http_1_0_is_not_told_to_go_on() throws Exception {
        proxy.strictUpstream((request, wire) -> wire.respond(200, "got " + request.body()));
        Wire client = proxy.connect();

        client.send(head("POST /x HTTP/1.0", "Host: a", "Expect: 100-continue", "Content-Length: 4") + "data");

        Message response = client.readMessage();
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("got data");
    }

    @ParameterizedTest(name = "Expect: {0}")
    @ValueSource(strings = {"foo", "200-ok", "100-continue, foo", "foo=bar; q"})
    void an_expectation_that_is_not_known_is_refused_or_passed_on(String expectation) throws Exception {
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);

        client.send(head("POST /x HTTP/1.1", "Host: a", "Expect: " + expectation, "Content-Length: 4") + "data");

        Head head = responses.readResponseHead();
        if (head.status() == 100) {
            head = responses.readResponse("POST").head();
        }
        if (head.status() == 200) {
            assertThat(upstream.onlyRequest().head().all("expect")).containsExactly(expectation);
        } else {
            assertThat(head.status()).isEqualTo(417);
            assertThat(upstream.received()).isEmpty();
        }
    }

    @Test
    void an_expectation_without_a_body_holds_nothing_up() throws Exception {
        proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);

        client.send(head("GET /x HTTP/1.1", "Host: a", "Expect: 100-continue"));

        Head head = responses.readResponseHead();
        assertThat(head.status()).isIn(100, 200);
        if (head.status() == 100) {
            assertThat(responses.readResponse("GET").body()).isEqualTo("ok");
        }
    }

    @Test
    void an_upstream_s_own_100_reaches_the_client_once() throws Exception {
        proxy.rawUpstream(wire -> {
            Head head = wire.readHead();
            if (head.has("expect")) {
                wire.sendHead("HTTP/1.1 100 Continue");
            }
            wire.respond(200, "got " + wire.read(4));
        });
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);

        client.send(COUNTED);
        assertThat(responses.readResponseHead().status()).isEqualTo(100);
        client.send("data");

        assertThat(responses.readResponse("POST").body()).isEqualTo("got data");
    }

    @Test
    void without_an_upstream_the_response_is_the_failure() throws Exception {
        proxy.refusingUpstream();
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);

        client.send(COUNTED);

        Head head = responses.readResponseHead();
        if (head.status() == 100) {
            // Then it was for the proxy's own account, and the client goes on.
            client.send("data");
            head = responses.readResponseHead();
        }
        assertThat(head.status()).isEqualTo(502);
    }
}
