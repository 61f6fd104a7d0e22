package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that ask a balancer's admin API. */
class RehearsalCommandsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path home;

    private final List<String> asked = new ArrayList<>();
    private int status = 200;
    private String body = "";
    private HttpServer server;
    private Terminal terminal;

    @BeforeEach
    void serve() throws IOException {
        terminal = new Terminal(home);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String sent = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Accept") + " "
                    + exchange.getRequestHeaders().getFirst("Authorization") + " " + sent);
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void an_explanation_is_asked_for_with_all_that_was_given() {
        terminal.environment.put("POINTSMAN_ADMIN_TOKEN", "t");
        body = "POST /x\n";

        int code = terminal.type("explain", "-X", "POST", "-H", "X-Version: 2", "http://a/x?y=1", "--admin", url());

        assertThat(code).isZero();
        assertThat(terminal.out()).isEqualTo("POST /x\n");
        assertThat(asked)
                .containsExactly("GET /api/explain?url=http%3A%2F%2Fa%2Fx%3Fy%3D1&method=POST&header=X-Version%3A+2"
                        + " text/plain Bearer t ");
    }

    @Test
    void a_plan_that_loses_nothing_ends_with_0_and_one_that_does_with_1() throws IOException {
        Path file = Files.writeString(home.resolve("new.yaml"), "route: {}\n");
        terminal.environment.put("POINTSMAN_ADMIN_TOKEN", "secret");
        body = "Plan: new.yaml\n\n  0  have a route now and would get 404\n";

        assertThat(terminal.type("plan", file.toString(), "--admin", url())).isZero();

        assertThat(terminal.out()).isEqualTo(body);
        assertThat(asked.get(0)).startsWith("POST /api/plan?name=").endsWith(" text/plain Bearer secret route: {}\n");
        body = "Plan: new.yaml\n\nWould get 404: 3\n";
        assertThat(terminal.type("plan", file.toString(), "--admin", url())).isEqualTo(1);
        body = "{\"loses\": true}";
        assertThat(terminal.type("plan", file.toString(), "--admin", url(), "--json"))
                .isEqualTo(1);
        assertThat(asked.get(2)).contains(" application/json ");
    }

    @Test
    void a_wrong_file_ends_with_2_and_everything_that_is_wrong() throws IOException {
        Path file = Files.writeString(home.resolve("new.yaml"), "x\n");
        status = 400;
        body = "{\"error\": \"one\", \"problems\": [\"one\", \"two\"]}";

        assertThat(terminal.type("plan", file.toString(), "--admin", url())).isEqualTo(2);
        assertThat(terminal.type("plan", home.resolve("none").toString(), "--admin", url()))
                .isEqualTo(2);

        assertThat(terminal.err()).startsWith("pointsman plan: one\npointsman plan: two\npointsman plan: \"");
    }

    @Test
    void something_else_that_responds_there_is_not_taken_for_the_admin_api() throws IOException {
        Path file = Files.writeString(home.resolve("new.yaml"), "route: {}\n");
        body = "<html>It works!</html>";
        String sentence = "what responded is not the admin API of a balancer (expected: its address in --admin)\n";

        assertThat(terminal.type("plan", file.toString(), "--admin", url())).isEqualTo(1);
        assertThat(terminal.type("explain", "/x", "--admin", url())).isEqualTo(1);
        assertThat(terminal.err()).isEqualTo("pointsman plan: " + sentence + "pointsman explain: " + sentence);

        body = "{}";
        assertThat(terminal.type("plan", file.toString(), "--admin", url(), "--json"))
                .isEqualTo(1);
        assertThat(terminal.out()).isEmpty();
    }

    @Test
    void a_balancer_that_is_not_there_is_one_sentence() {
        server.stop(0);

        assertThat(terminal.type("explain", "/x", "--admin", url())).isEqualTo(1);

        assertThat(terminal.err())
                .isEqualTo("pointsman explain: no response from the admin API at " + url()
                        + " (expected: a running balancer; --admin says where)\n");
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }
}
