package dev.pointsman.client;

import static dev.pointsman.client.ClientUnderTest.API;
import static dev.pointsman.client.ClientUnderTest.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pointsman.client.ClientUnderTest.Received;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.Weights;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A connection that its instance resets, as a killed process does with requests under way. */
@Timeout(60)
class ResetConnectionTest {
    @Test
    void what_becomes_of_the_call_is_said_by_the_call_and_not_by_an_error_in_the_log() throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                ClientUnderTest test = new ClientUnderTest(ClientOptions::withoutRetries)) {
            test.registry.list("api", instance(server.getLocalPort()));
            Future<Received> call = test.send(HttpMethod.GET, API, null, Map.of());
            try (Socket connection = server.accept()) {
                assertThat(connection.getInputStream().read()).isEqualTo('G');
                connection.setSoLinger(true, 0);
            }
            assertThatExceptionOfType(ServiceCallException.class).isThrownBy(() -> got(call));
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContain("ERROR");
    }

    private static Instance instance(int port) {
        return new Instance(
                new InstanceKey("node", "resets"),
                "api",
                "127.0.0.1",
                port,
                List.of(),
                Map.of(),
                Weights.DEFAULT,
                Health.PASSING,
                "");
    }
}
