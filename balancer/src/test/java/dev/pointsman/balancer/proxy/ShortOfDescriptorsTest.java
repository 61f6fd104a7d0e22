package dev.pointsman.balancer.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.CapturedLog;
import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.ScarceSockets;
import dev.pointsman.balancer.testkit.TestProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests while this process has no file descriptor left for a connection to an instance. */
class ShortOfDescriptorsTest {
    private final ScarceSockets sockets = new ScarceSockets();

    @RegisterExtension
    private final TestProxy proxy = new TestProxy().withSockets(sockets);

    @RegisterExtension
    private final CapturedLog log = new CapturedLog();

    @Test
    void a_request_is_refused_at_once_no_instance_is_blamed_and_the_log_says_it_once() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "a"));
        proxy.upstream((request, wire) -> wire.respond(200, "b"));
        sockets.missing(Integer.MAX_VALUE);

        for (int i = 0; i < 20; i++) {
            Message refused = i % 2 == 0 ? proxy.get("/") : proxy.post("/", "data");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.body()).startsWith("503 this balancer is short of file descriptors or memory right now");
            assertThat(refused.head().one("Retry-After")).isEqualTo("1");
        }

        assertThat(proxy.upstreams()).allSatisfy(upstream -> {
            assertThat(upstream.failures()).isZero();
            assertThat(upstream.isStalled()).isFalse();
        });
        assertThat(proxy.upstreams().stream()
                        .mapToLong(upstream -> upstream.picks())
                        .sum())
                .as("attempts")
                .isEqualTo(20);
        assertThat(log.text().lines()).singleElement().asString().contains("WARN", "no instance is blamed");
    }

    @Test
    void once_there_are_descriptors_again_requests_are_served_again() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "a"));
        sockets.missing(Integer.MAX_VALUE);
        assertThat(proxy.get("/").status()).isEqualTo(503);

        sockets.missing(0);

        assertThat(proxy.get("/").status()).isEqualTo(200);
    }
}
