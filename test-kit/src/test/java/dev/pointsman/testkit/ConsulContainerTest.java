package dev.pointsman.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where no container of Consul can be had, that is said in a sentence and soon, and asked once. */
@Timeout(60)
class ConsulContainerTest {
    /** Asks twice, as two tests in one JVM do. */
    static final class AskingTwice {
        private AskingTwice() {}

        @SuppressWarnings("SystemOut")
        public static void main(String[] arguments) {
            System.out.println("first: " + ConsulContainer.lack().orElse("none"));
            System.out.println("second: " + ConsulContainer.lack().orElse("none"));
            // Testcontainers keeps threads.
            System.exit(0);
        }
    }

    @Test
    void an_engine_that_cannot_pull_is_asked_to_once_and_the_sentence_says_how_to_get_the_image() throws Exception {
        List<String> requests = new CopyOnWriteArrayList<>();
        HttpServer engine = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        engine.createContext("/", exchange -> {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            reply(exchange);
        });
        engine.start();
        try {
            List<String> printed = ask("tcp://127.0.0.1:" + engine.getAddress().getPort());

            String sentence = "The Docker engine has no image " + ConsulContainer.IMAGE + " and cannot pull it";
            assertThat(printed)
                    .filteredOn(line -> line.startsWith("first: "))
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .startsWith("first: " + sentence)
                            .endsWith("get it with: docker pull " + ConsulContainer.IMAGE));
            assertThat(printed).filteredOn(line -> line.startsWith("second: ")).hasSize(1);
            assertThat(requests)
                    .filteredOn(request -> request.contains("/images/create"))
                    .hasSize(1);
        } finally {
            engine.stop(0);
        }
    }

    @Test
    void a_docker_host_where_nothing_listens_is_an_order_to_do_without() throws Exception {
        int port = FreePorts.take();

        assertThat(ask("tcp://127.0.0.1:" + port))
                .contains("first: No Docker engine listens at DOCKER_HOST, tcp://127.0.0.1:" + port + ".");
    }

    /** What a Docker engine without images and without a network responds. */
    private static void reply(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        int status = 200;
        String body =
                "{\"OSType\":\"linux\",\"ServerVersion\":\"29.0\",\"ApiVersion\":\"1.52\",\"OperatingSystem\":\"fake\","
                        + "\"Driver\":\"fake\",\"MemTotal\":1}";
        if (path.endsWith("/_ping")) {
            body = "OK";
        } else if (path.contains("/images/create")) {
            body = "{\"errorDetail\":{\"message\":\"no such host\"},\"error\":\"no such host\"}";
        } else if (path.contains("/images/")) {
            status = 404;
            body = "{\"message\":\"No such image\"}";
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static List<String> ask(String dockerHost) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(JavaCommand.ofMain(AskingTwice.class)).redirectErrorStream(true);
        builder.environment().put("DOCKER_HOST", dockerHost);
        Process process = builder.start();
        try {
            List<String> lines = process.inputReader().lines().toList();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            return lines;
        } finally {
            process.destroyForcibly();
        }
    }
}
