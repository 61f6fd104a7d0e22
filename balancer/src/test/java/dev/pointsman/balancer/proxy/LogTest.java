package dev.pointsman.balancer.proxy;

import static dev.pointsman.balancer.testkit.TestProxy.sendRequest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.CapturedLog;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the log says, and leaves out. */
class LogTest {
    @RegisterExtension
    private final TestProxy proxy = new TestProxy();

    @RegisterExtension
    private final CapturedLog log = new CapturedLog();

    @Test
    void a_client_that_breaks_off_is_no_error() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        proxy.rawUpstream(wire -> {
            wire.readMessage();
            asked.countDown();
            wire.ends();
        });
        Wire client = proxy.connect();
        sendRequest(client, "GET", "/");
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

        client.reset();
        proxy.awaitIdle();

        assertThat(log.text()).doesNotContain("ERROR", "WARN");
    }

    @Test
    void a_path_beyond_all_measure_does_not_fill_the_log() throws Exception {
        proxy.upstream((request, wire) -> wire.reset());

        assertThat(proxy.post("/" + "x".repeat(10_000), "data").status()).isEqualTo(502);

        assertThat(log.text().lines().filter(line -> line.contains("WARN")))
                .singleElement()
                .asString()
                .contains("POST /xxx", "n1/u0 at 127.0.0.1:")
                .hasSizeLessThan(600);
    }

    @Test
    void an_upstream_that_breaks_off_is_told_of_once_with_the_request_and_the_upstream() throws Exception {
        proxy.upstream((request, wire) -> wire.reset());

        assertThat(proxy.post("/orders", "data").status()).isEqualTo(502);

        assertThat(log.text().lines().filter(line -> line.contains("ERROR") || line.contains("WARN")))
                .singleElement()
                .asString()
                .contains("POST /orders", "the service broke off before it responded", "n1/u0 at 127.0.0.1:");
    }
}
