package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.pointsman.cli.run.CommandFailure;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a command says of an admin port that does not do as it should. */
@Timeout(20)
class AdminApiClientTest {
    private static final Duration SHORT = Duration.ofMillis(300);

    @Test
    void a_response_that_stops_midway_is_not_waited_for() throws Exception {
        HttpServer half = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        half.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write("{\"status\":".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
        });
        half.start();
        try {
            assertNoResponse("127.0.0.1:" + half.getAddress().getPort());
        } finally {
            half.stop(0);
        }
    }

    @Test
    void a_port_that_accepts_and_never_responds_is_not_waited_for() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertNoResponse("127.0.0.1:" + silent.getLocalPort());
        }
    }

    private static void assertNoResponse(String admin) {
        AdminApiClient client = new AdminApiClient(admin, null).waiting(SHORT);

        assertThatThrownBy(() -> client.get("/api/status"))
                .isInstanceOf(CommandFailure.class)
                .hasMessageStartingWith("no response from the admin API at http://" + admin);
    }
}
