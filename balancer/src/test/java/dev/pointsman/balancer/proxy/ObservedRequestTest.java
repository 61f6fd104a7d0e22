package dev.pointsman.balancer.proxy;

import static dev.pointsman.balancer.testkit.TestProxy.sendRequest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.observe.RequestEnding;
import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.NotedRequests;
import dev.pointsman.balancer.testkit.NotedRequests.NotedAttempt;
import dev.pointsman.balancer.testkit.NotedRequests.NotedRequest;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.WebSocketHandshake;
import dev.pointsman.balancer.testkit.Wire;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What observers are told of a request: each is told of once, however it ends. */
class ObservedRequestTest {
    private final NotedRequests noted = new NotedRequests();

    @RegisterExtension
    private final TestProxy proxy = new TestProxy("response-timeout=1s", "route=/svc=svc").observedBy(noted);

    @AfterEach
    void nothing_is_told_twice() {
        assertThat(noted.isEmpty()).isTrue();
    }

    @Test
    void a_request_is_told_of_with_its_route_its_instance_and_its_bytes() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(201, "created"));

        Message response = proxy.post("/svc/x?y=1", "data");

        assertThat(response.status()).isEqualTo(201);
        NotedRequest told = noted.next();
        assertThat(told.method()).isEqualTo("POST");
        assertThat(told.uri()).isEqualTo("/svc/x?y=1");
        assertThat(told.route()).isEqualTo("/svc");
        assertThat(told.service()).isEqualTo("svc");
        assertThat(told.status()).isEqualTo(201);
        assertThat(told.ending()).isEqualTo(RequestEnding.COMPLETE);
        assertThat(told.failure()).isNull();
        assertThat(told.requestBytes()).isEqualTo(4);
        assertThat(told.responseBytes()).isEqualTo(7);
        assertThat(told.firstByteNanos()).isPositive().isLessThanOrEqualTo(told.durationNanos());
        assertThat(told.attempts()).containsExactly(new NotedAttempt("u0", 1, 201, true, false, null));
    }

    @Test
    void the_id_that_is_told_is_the_one_that_the_instance_gets() throws Exception {
        proxy.upstream((request, wire) ->
                wire.respond(200, String.valueOf(request.head().one("x-request-id"))));

        String sent = proxy.get("/svc").body();

        assertThat(noted.next().id()).isEqualTo(sent);
    }

    @Test
    void each_attempt_is_told_of_with_why_it_failed() throws Exception {
        proxy.refusingUpstream();
        proxy.upstream((request, wire) -> wire.respond(200, "ok"));

        assertThat(proxy.get("/svc").status()).isEqualTo(200);

        NotedRequest told = noted.next();
        assertThat(told.failure()).isNull();
        assertThat(told.attempts())
                .containsExactly(
                        new NotedAttempt("u0", 1, 0, false, false, FailureKind.CONNECT_FAILED),
                        new NotedAttempt("u1", 2, 200, true, false, null));
    }

    @Test
    void requests_on_one_connection_are_told_of_one_by_one() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "ok"));
        Wire client = proxy.connect();
        String get = "GET /svc/%d HTTP/1.1\r\nHost: a\r\n\r\n";

        client.send(get.formatted(1) + get.formatted(2));
        client.readMessage();
        client.readMessage();

        assertThat(noted.next().uri()).isEqualTo("/svc/1");
        NotedRequest second = noted.next();
        assertThat(second.uri()).isEqualTo("/svc/2");
        assertThat(second.attempts()).hasSize(1);

        sendRequest(client, "GET", "/svc/3");
        client.readMessage();
        assertThat(noted.next().attempts()).containsExactly(new NotedAttempt("u0", 1, 200, true, true, null));
    }

    @Test
    void what_no_route_takes_is_told_of_without_one() throws Exception {
        proxy.get("/other");

        NotedRequest told = noted.next();
        assertThat(told.route()).isNull();
        assertThat(told.status()).isEqualTo(404);
        assertThat(told.failure()).isEqualTo(FailureKind.NO_ROUTE);
    }

    @Test
    void our_own_response_is_told_of_with_the_reason() throws Exception {
        Message response = proxy.get("/svc");

        NotedRequest told = noted.next();
        assertThat(response.body()).contains(told.id());
        assertThat(told.status()).isEqualTo(503);
        assertThat(told.service()).isEqualTo("svc");
        assertThat(told.failure()).isEqualTo(FailureKind.NO_INSTANCE);
        assertThat(told.responseBytes()).isEqualTo(response.body().length());
    }

    @Test
    void what_is_refused_before_it_has_a_route_is_told_of() throws Exception {
        Wire client = proxy.connect();
        client.send("GET /svc HTTP/1.1\r\n\r\n");
        client.readMessage();
        NotedRequest withoutHost = noted.next();
        assertThat(withoutHost.status()).isEqualTo(400);
        assertThat(withoutHost.failure()).isEqualTo(FailureKind.BAD_HOST);

        Wire other = proxy.connect();
        other.send("no HTTP at all\r\n\r\n");
        other.readMessage();
        assertThat(noted.next().failure()).isEqualTo(FailureKind.BAD_REQUEST);
    }

    @Test
    void a_client_that_leaves_before_the_response_gets_499() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        proxy.rawUpstream(wire -> {
            wire.readMessage();
            reached.countDown();
            assertThat(wire.ends()).isTrue();
        });
        Wire client = proxy.connect();
        sendRequest(client, "GET", "/svc");
        assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();

        client.reset();

        NotedRequest told = noted.next();
        assertThat(told.status()).isEqualTo(499);
        assertThat(told.ending()).isEqualTo(RequestEnding.CLIENT_GONE);
        assertThat(told.attempts()).containsExactly(new NotedAttempt("u0", 1, 0, true, false, null));
    }

    @Test
    void a_client_that_leaves_midway_keeps_the_status_that_it_got() throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readMessage();
            wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 1000").send("data");
            assertThat(wire.ends()).isTrue();
        });
        Wire client = proxy.connect();
        sendRequest(client, "GET", "/svc");
        client.readHead();
        client.read(4);

        client.reset();

        NotedRequest told = noted.next();
        assertThat(told.status()).isEqualTo(200);
        assertThat(told.ending()).isEqualTo(RequestEnding.CLIENT_GONE);
        assertThat(told.responseBytes()).isEqualTo(4);
    }

    @Test
    void a_response_that_breaks_off_is_told_of_as_cut_short() throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readMessage();
            wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 1000").send("data");
            wire.close();
        });
        Wire client = proxy.connect();
        sendRequest(client, "GET", "/svc");
        client.readToEnd();

        NotedRequest told = noted.next();
        assertThat(told.status()).isEqualTo(200);
        assertThat(told.ending()).isEqualTo(RequestEnding.CUT_SHORT);
        assertThat(told.failure()).isEqualTo(FailureKind.BROKEN_RESPONSE);
        assertThat(told.attempts())
                .containsExactly(new NotedAttempt("u0", 1, 200, true, false, FailureKind.BROKEN_RESPONSE));
    }

    @Test
    void a_tunnel_is_told_of_when_it_closes_with_the_bytes_of_both_ways() throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readHead();
            wire.send(WebSocketHandshake.SWITCHING + "hello");
            wire.read(3);
            wire.close();
        });
        Wire client = proxy.connect();
        WebSocketHandshake.ask(client, "/svc");
        assertThat(client.readHead().status()).isEqualTo(101);
        client.read(5);
        assertThat(noted.isEmpty()).isTrue();
        client.send("bye");
        assertThat(client.ends()).isTrue();

        NotedRequest told = noted.next();
        assertThat(told.status()).isEqualTo(101);
        assertThat(told.responseBytes()).isEqualTo(5);
        assertThat(told.requestBytes()).isEqualTo(3);
    }

    @Test
    void a_request_that_waits_for_a_permit_is_told_of_with_its_wait() throws Exception {
        proxy.reload("max-requests=1", "queue=1", "queue-timeout=10s", "route=/svc=svc");
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        proxy.upstream((request, wire) -> {
            reached.countDown();
            assertThat(goOn.await(10, TimeUnit.SECONDS)).isTrue();
            wire.respond(200, "ok");
        });
        Wire first = proxy.connect();
        sendRequest(first, "GET", "/svc/1");
        assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();
        Wire second = proxy.connect();
        proxy.whileTheLoopIsBusy(() -> sendRequest(second, "GET", "/svc/2"));
        // The loop has taken the second one by the time it says that a third cannot wait.
        assertThat(proxy.get("/svc/3").status()).isEqualTo(503);

        goOn.countDown();
        first.readMessage();
        second.readMessage();

        assertThat(noted.next().failure()).isEqualTo(FailureKind.QUEUE_FULL);
        assertThat(noted.next().waitedNanos()).isZero();
        assertThat(noted.next().waitedNanos()).isPositive();
    }
}
