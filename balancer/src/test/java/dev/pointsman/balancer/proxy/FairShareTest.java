package dev.pointsman.balancer.proxy;

import static dev.pointsman.balancer.testkit.TestProxy.sendRequest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests beside large transfers. */
class FairShareTest {
    private static final int LARGE = 50;
    private static final int BYTES = 16 * 1024 * 1024;

    @RegisterExtension
    private final TestProxy proxy = new TestProxy();

    @Test
    void small_requests_pass_beside_many_large_responses_that_are_not_read() throws Exception {
        AtomicInteger whole = new AtomicInteger();
        byte[] part = new byte[64 * 1024];
        proxy.upstream((request, wire) -> {
            if (request.head().uri().equals("/small")) {
                wire.respond(200, "small");
                return;
            }
            wire.sendHead("HTTP/1.1 200 OK", "Content-Length: " + BYTES);
            for (int sent = 0; sent < BYTES; sent += part.length) {
                wire.send(part);
            }
            whole.incrementAndGet();
        });
        List<Wire> slow = new ArrayList<>();
        for (int i = 0; i < LARGE; i++) {
            Wire client = proxy.connect();
            slow.add(client);
            sendRequest(client, "GET", "/large");
        }

        for (int i = 0; i < 20; i++) {
            assertThat(proxy.get("/small").body()).isEqualTo("small");
        }

        assertThat(whole).as("large responses taken whole, and held").hasValue(0);
        for (Wire client : slow) {
            assertThat(client.readHead().status()).isEqualTo(200);
            client.reset();
        }
    }
}
