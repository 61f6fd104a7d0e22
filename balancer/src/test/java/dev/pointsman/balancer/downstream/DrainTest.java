package dev.pointsman.balancer.downstream;

import static dev.pointsman.balancer.testkit.TestProxy.sendRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How the proxy takes leave. */
class DrainTest {
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
        await().untilAsserted(() -> assertThatExceptionOfType(IOException.class).isThrownBy(() -> Wire.to(port)));
        assertThat(idle.ends()).isTrue();
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
