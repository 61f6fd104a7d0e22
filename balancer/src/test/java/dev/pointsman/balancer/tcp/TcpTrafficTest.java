package dev.pointsman.balancer.tcp;

import static dev.pointsman.balancer.tcp.TcpTestBalancer.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the live view shows of a TCP route while it has connections. */
@Timeout(60)
class TcpTrafficTest {
    @RegisterExtension
    private final TcpTestBalancer balancer = new TcpTestBalancer();

    @Test
    void the_overview_shows_connections_and_bytes_of_the_last_seconds() throws Exception {
        balancer.serve("db-1", TcpTestBalancer::echo);
        balancer.start("tcp=127.0.0.1:0=svc", "route=/=other");
        JsonNode before = service();
        assertThat(before.path("tcp").path("open").asInt(-1)).isZero();

        Socket stays = balancer.socket();
        stays.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
        assertThat(read(stays, 5)).isEqualTo("hello");
        balancer.socket().close();

        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            JsonNode tcp = service().path("tcp");
            assertThat(tcp.path("open").asInt()).isEqualTo(1);
            assertThat(tcp.path("rate").asDouble()).isPositive();
            assertThat(tcp.path("received").asDouble())
                    .isPositive()
                    .isEqualTo(tcp.path("sent").asDouble());
        });
        JsonNode overview = balancer.admin().get("/api/overview").json();
        assertThat(overview.path("tcp").path("open").asInt()).isEqualTo(1);
    }

    private JsonNode service() {
        for (JsonNode each : balancer.admin().get("/api/overview").json().path("services")) {
            if (each.path("name").asText().equals("svc")) {
                return each;
            }
        }
        throw new AssertionError("no such service");
    }
}
