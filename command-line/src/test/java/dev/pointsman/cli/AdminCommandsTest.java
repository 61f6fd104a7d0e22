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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that ask a balancer's admin API, with one that answers as told. */
class AdminCommandsTest {
    private final List<String> asked = new ArrayList<>();
    private final Path home;
    private final HttpServer server;
    private final Terminal terminal;
    private int status = 200;
    private String answer = "{}";

    AdminCommandsTest(@TempDir Path home) throws IOException {
        this.home = home;
        terminal = new Terminal(home);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization") + " " + body.strip());
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    @Test
    void routes_are_shown_with_their_source() {
        answer = "{\"pinned\": null, \"routes\": [{\"route\": \"/api\", \"target\": \"svc\", \"source\": \"tags\","
                + " \"where\": \"web1\", \"since\": \"2026-11-28T02:00:00Z\"},"
                + " {\"route\": \"/old\", \"target\": \"\", \"source\": \"file\", \"where\": \"p.yaml:2:3\","
                + " \"since\": \"2026-11-28T02:00:00Z\"}]}";

        assertThat(type("routes")).isZero();

        assertThat(terminal.out().lines())
                .containsExactly(
                        "ROUTE  TARGET  SOURCE  WHERE       SINCE",
                        "/api   svc     tags    web1        2026-11-28T02:00:00Z",
                        "/old   -       file    p.yaml:2:3  2026-11-28T02:00:00Z");
        assertThat(asked).containsExactly("GET /api/routes null ");
    }

    @Test
    void a_file_of_the_token_that_cannot_be_read_is_wrong_usage() {
        assertThat(type("routes", "--token-file", home.resolve("none").toString()))
                .isEqualTo(2);

        assertThat(terminal.err()).contains("--token-file", "none", "expected: a file that can be read");
    }

    @Test
    void a_file_of_routes_is_put_with_the_token_of_the_variable() throws Exception {
        terminal.environment.put("POINTSMAN_ADMIN_TOKEN", "a-token-of-the-operator");
        Path file = Files.writeString(home.resolve("routes.yaml"), "/new: svc\n");
        answer = "{\"version\": 7, \"summary\": \"1 added\", \"diff\": {\"added\": [{\"route\": \"/new\", \"target\":"
                + " \"svc\"}]}}";

        assertThat(type("routes", "put", file.toString())).isZero();

        assertThat(terminal.out().lines()).containsExactly("table 7: 1 added", "  + /new -> svc");
        assertThat(asked).containsExactly("PUT /api/routes?dry-run=false Bearer a-token-of-the-operator /new: svc");
    }

    @Test
    void a_route_is_removed_by_its_key_with_the_token_of_a_file() throws Exception {
        Path token = Files.writeString(home.resolve("token"), "a-token-of-the-operator\n");
        answer = "{\"version\": 8, \"summary\": \"would be: 1 removed\", \"diff\": {}}";

        assertThat(type("routes", "del", "shop.example.com/x", "--dry-run", "--token-file", token.toString()))
                .isZero();

        assertThat(asked)
                .containsExactly("DELETE /api/routes?route=shop.example.com%2Fx&dry-run=true"
                        + " Bearer a-token-of-the-operator ");
    }

    @Test
    void every_problem_that_the_balancer_names_is_printed() throws Exception {
        Path file = Files.writeString(home.resolve("routes.yaml"), "x");
        status = 400;
        answer = "{\"error\": \"one\", \"problems\": [\"one\", \"two\"]}";

        assertThat(type("routes", "put", file.toString())).isEqualTo(1);

        assertThat(terminal.err()).contains("one").contains("two");
    }

    @Test
    void without_the_token_it_says_where_to_give_it() {
        status = 401;
        answer = "{\"error\": \"a token is needed\"}";

        assertThat(type("rollback", "7")).isEqualTo(1);

        assertThat(terminal.err()).contains("a token is needed").contains("--token-file");
        assertThat(asked).containsExactly("POST /api/rollback/7?dry-run=false null ");
    }

    @Test
    void the_history_says_what_each_table_changed_and_who_did() {
        answer = "{\"pinned\": {\"version\": 3, \"since\": \"2026-11-28T02:00:00Z\", \"pending\": [{}]}, \"tables\":"
                + " [{\"version\": 4, \"at\": \"2026-11-28T02:00:00Z\", \"summary\": \"1 changed\", \"causes\":"
                + " [{\"source\": \"admin\", \"what\": \"PUT /api/routes\", \"who\": \"192.0.2.7\"}], \"diff\":"
                + " {\"changed\": [{\"route\": \"/\", \"what\": [\"to: a (was b)\"]}]}}]}";

        assertThat(type("history")).isZero();

        assertThat(terminal.out().lines())
                .containsExactly(
                        "4  2026-11-28T02:00:00Z  1 changed (admin: PUT /api/routes by 192.0.2.7)",
                        "  ~ /: to: a (was b)",
                        "table 3 is pinned by a rollback since 2026-11-28T02:00:00Z; changes that wait: 1 (pointsman"
                                + " rollback --release puts them in force)");
    }

    @Test
    void what_makes_no_sense_is_bad_usage() {
        assertThat(type("rollback")).isEqualTo(2);
        assertThat(type("rollback", "7", "--release")).isEqualTo(2);
        assertThat(type("routes", "put")).isEqualTo(2);
        assertThat(type("routes", "change", "x")).isEqualTo(2);
        assertThat(asked).isEmpty();
    }

    @Test
    void where_no_balancer_is_one_sentence_says_so() {
        int port = server.getAddress().getPort();
        server.stop(0);

        assertThat(terminal.type("routes", "--admin", "127.0.0.1:" + port)).isEqualTo(1);

        assertThat(terminal.err()).contains("no response from the admin API at http://127.0.0.1:" + port);
    }

    private int type(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--admin");
        all.add("127.0.0.1:" + server.getAddress().getPort());
        return terminal.type(all.toArray(String[]::new));
    }
}
