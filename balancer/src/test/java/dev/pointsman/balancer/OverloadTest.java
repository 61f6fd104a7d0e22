package dev.pointsman.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestBalancer;
import dev.pointsman.balancer.testkit.Wire;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Limits, the queue before them, and instances that let requests wait. */
class OverloadTest {
    @RegisterExtension
    private final TestBalancer balancer = new TestBalancer();

    private final CountDownLatch goOn = new CountDownLatch(1);

    @AfterEach
    void letEverythingGoOn() {
        goOn.countDown();
    }

    /** An instance that responds to requests for /slow only when the test lets it. */
    private ScriptedUpstream slow(String id) throws IOException {
        return balancer.instance(id, (request, wire) -> {
            if (request.head().uri().startsWith("/slow")) {
                goOn.await(20, TimeUnit.SECONDS);
            }
            wire.respond(200, id);
        });
    }

    private Wire ask(String path) throws IOException {
        return balancer.connect().sendHead("GET " + path + " HTTP/1.1", "Host: x");
    }

    @Test
    void beyond_an_instance_s_limit_requests_wait_for_a_place() throws Exception {
        slow("a");
        balancer.start("max-in-flight=1", "queue-timeout=20s");
        Wire first = ask("/slow");
        awaitCount("inFlight", 1);
        Wire second = ask("/slow");
        awaitCount("waiting", 1);

        goOn.countDown();

        assertThat(first.readMessage().status()).isEqualTo(200);
        assertThat(second.readMessage().status()).isEqualTo(200);
        assertThat(count("waited")).isEqualTo(1);
        assertThat(count("waiting")).isZero();
    }

    @Test
    void beyond_a_route_s_limit_requests_wait_in_their_order() throws Exception {
        ScriptedUpstream upstream = slow("a");
        balancer.start("route=/=svc;max-requests=1", "queue-timeout=20s");
        Wire first = ask("/slow/1");
        awaitCount("inFlight", 1);
        Wire second = ask("/slow/2");
        awaitCount("waiting", 1);
        Wire third = ask("/slow/3");
        awaitCount("waiting", 2);

        goOn.countDown();

        assertThat(first.readMessage().status()).isEqualTo(200);
        assertThat(second.readMessage().status()).isEqualTo(200);
        assertThat(third.readMessage().status()).isEqualTo(200);
        assertThat(upstream.received())
                .extracting(request -> request.head().uri())
                .containsExactly("/slow/1", "/slow/2", "/slow/3");
    }

    @Test
    void when_as_many_wait_as_may_the_next_one_is_refused_at_once() throws Exception {
        slow("a");
        balancer.start("max-requests=1", "queue=1", "queue-timeout=20s");
        ask("/slow");
        awaitCount("inFlight", 1);
        ask("/slow");
        awaitCount("waiting", 1);

        var refused = ask("/slow").readMessage();

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.body()).startsWith("503 this service has as many requests as it takes, and as many waiting");
        assertThat(refused.head().one("Retry-After")).isEqualTo("1");
        assertThat(count("rejected")).isEqualTo(1);
    }

    @Test
    void who_waits_for_too_long_is_refused() throws Exception {
        slow("a");
        balancer.start("max-requests=1", "queue-timeout=50ms");
        ask("/slow");
        awaitCount("inFlight", 1);

        var refused = ask("/slow").readMessage();

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.body()).startsWith("503 this service could not take the request in time");
        assertThat(count("waiting")).isZero();
    }

    @Test
    void a_client_that_leaves_waits_no_more() throws Exception {
        slow("a");
        balancer.start("max-requests=1", "queue-timeout=20s");
        ask("/slow");
        awaitCount("inFlight", 1);
        Wire impatient = ask("/slow");
        awaitCount("waiting", 1);

        impatient.close();

        awaitCount("waiting", 0);
    }

    @Test
    void a_new_instance_takes_those_that_wait() throws Exception {
        slow("a");
        balancer.start("max-in-flight=1", "queue-timeout=20s");
        ask("/slow");
        awaitCount("inFlight", 1);
        Wire second = ask("/fast");
        awaitCount("waiting", 1);

        balancer.instances("b");

        assertThat(second.readMessage().body()).isEqualTo("b");
    }

    @Test
    void an_idempotent_request_goes_on_from_an_instance_that_is_too_slow() throws Exception {
        slow("a");
        balancer.instances("b");
        balancer.start("attempt-timeout=500ms", "response-timeout=20s");

        for (int i = 0; i < 2; i++) {
            assertThat(ask("/slow").readMessage().body()).isEqualTo("b");
        }

        assertThat(count("attemptTimeouts")).isPositive();
    }

    @Test
    void where_there_is_no_other_instance_a_slow_one_is_waited_for() throws Exception {
        slow("a");
        balancer.start("attempt-timeout=20ms", "response-timeout=20s");
        Wire waiting = ask("/slow");
        awaitCount("inFlight", 1);

        goOn.countDown();

        assertThat(waiting.readMessage().body()).isEqualTo("a");
        assertThat(count("attemptTimeouts")).isZero();
    }

    @Test
    void a_post_stays_where_it_is() throws Exception {
        slow("a");
        slow("b");
        balancer.start("attempt-timeout=20ms", "response-timeout=300ms");
        Wire post = balancer.connect().sendHead("POST /slow HTTP/1.1", "Host: x", "Content-Length: 0");

        assertThat(post.readMessage().status()).isEqualTo(504);
        assertThat(count("attemptTimeouts")).isZero();
        assertThat(count("picks")).isEqualTo(1);
    }

    private void awaitCount(String what, int number) {
        await().untilAsserted(() -> assertThat(count(what)).as(what).isEqualTo(number));
    }

    private int count(String what) {
        JsonNode services = balancer.admin().get("/api/services").json().path("services");
        return services.get(0).path("counts").path(what).asInt(-1);
    }
}
