package dev.pointsman.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.balancer.testkit.TestBalancer;
import dev.pointsman.balancer.testkit.Wire;
import dev.pointsman.testkit.TestHttp.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be changed by the admin API, and by whom. */
class AdminWritesTest {
    private static final String TOKEN = "a-token-of-the-operator";
    private static final String FLAG = "admin-token=" + TOKEN;

    @RegisterExtension
    private final TestBalancer balancer = new TestBalancer();

    @Test
    void without_a_token_nothing_can_be_changed() throws Exception {
        balancer.start();

        Reply refused = write("POST", "/api/routes", "/new: svc", Map.of());

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.json().path("error").asText()).contains("admin-token-file");
        assertThat(routes()).containsExactly("/ -> svc (file)");
    }

    @Test
    void who_shows_no_token_or_a_wrong_one_changes_nothing() throws Exception {
        balancer.start(FLAG);

        for (String shown : List.of("", "Bearer wrong", "Basic " + TOKEN, "Bearer " + TOKEN + "x", "Bearer ")) {
            Reply refused = balancer.admin()
                    .send(
                            "PUT",
                            "/api/routes",
                            "/new: svc",
                            Map.of("Content-Type", "application/yaml", "Authorization", shown));
            assertThat(refused.status()).as(shown).isEqualTo(401);
            assertThat(refused.header("WWW-Authenticate")).isEqualTo("Bearer");
        }
        assertThat(routes()).containsExactly("/ -> svc (file)");
        assertThat(balancer.admin().get("/api/audit").json().path("audit")).hasSize(5);
    }

    @Test
    void a_route_is_in_force_when_its_change_is_answered() throws Exception {
        balancer.instances("a");
        balancer.start(FLAG, "route=/only=svc");
        assertThat(balancer.client().get("/new/x").status()).isEqualTo(404);

        Reply put =
                write("PUT", "/api/routes", "{\"/new\": {\"to\": \"svc\",\t\"response-timeout\": \"5s\"}}", Map.of());

        assertThat(put.status()).as(put.body()).isEqualTo(200);
        assertThat(put.json().path("summary").asText()).isEqualTo("1 added");
        assertThat(balancer.client().get("/new/x").body()).isEqualTo("a");
        JsonNode route = routeOf("/new");
        assertThat(route.path("source").asText()).isEqualTo("admin");
        assertThat(route.path("where").asText()).startsWith("admin API:1:2");
        assertThat(route.path("options").path("response-timeout").asText()).isEqualTo("5s");
        assertThat(route.path("since").asText()).isNotEmpty();

        assertThat(write("DELETE", "/api/routes?route=/new", null, Map.of()).status())
                .isEqualTo(200);
        assertThat(balancer.client().get("/new/x").status()).isEqualTo(404);
        assertThat(write("DELETE", "/api/routes?route=/only", null, Map.of()).status())
                .isEqualTo(404);
    }

    @Test
    void a_route_says_which_ones_it_overrules() throws Exception {
        balancer.start(FLAG);
        write("POST", "/api/routes", "/: other", Map.of());

        JsonNode route = routeOf("/");

        assertThat(route.path("target").asText()).isEqualTo("other");
        assertThat(route.path("overrules").path(0).path("source").asText()).isEqualTo("file");
        assertThat(route.path("overrules").path(0).path("target").asText()).isEqualTo("svc");
    }

    @Test
    void a_document_with_a_mistake_changes_nothing_and_each_mistake_is_named_with_its_place() throws Exception {
        balancer.start(FLAG);

        Reply refused = write(
                "PUT", "/api/routes", "/good: svc\n/bad:\n  to: svc\n  strip-prefx: true\nno-path: svc\n", Map.of());

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("problems").toString())
                .contains("admin API:4:3")
                .contains("strip-prefix");
        assertThat(routes()).containsExactly("/ -> svc (file)");
        assertThat(write("PUT", "/api/routes", "", Map.of()).status()).isEqualTo(400);
        assertThat(write("PUT", "/api/routes", "route:\n  /a: svc\nport: 1\n", Map.of())
                        .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST|Origin: https://evil.example|text/plain",
                "POST|Origin: null|text/plain",
                "POST|Origin: https://evil.example|application/x-www-form-urlencoded",
                "POST|Origin: https://evil.example|multipart/form-data; boundary=x",
                "POST|Sec-Fetch-Site: cross-site|text/plain",
                "POST|Sec-Fetch-Site: same-site|application/json",
                "POST|Host: evil.example|application/json",
                "PUT|Origin: https://evil.example|application/json",
                "OPTIONS|Origin: https://evil.example|",
                "DELETE|Origin: null|"
            })
    void what_a_page_of_the_web_can_send_is_refused_even_with_the_token(String attempt) throws Exception {
        balancer.start(FLAG);
        String[] parts = attempt.split("\\|", -1);
        List<String> head = new ArrayList<>(List.of(parts[0] + " /api/routes?route=/ HTTP/1.1"));
        if (!parts[1].startsWith("Host:")) {
            head.add("Host: 127.0.0.1:" + balancer.adminPort());
        }
        head.add(parts[1]);
        head.add("Authorization: Bearer " + TOKEN);
        String body = parts[2].isEmpty() ? "" : "/new: svc";
        if (!body.isEmpty()) {
            head.add("Content-Type: " + parts[2]);
            head.add("Content-Length: " + body.length());
        }
        try (Wire page = Wire.to(balancer.adminPort())) {
            page.send(String.join("\r\n", head) + "\r\n\r\n" + body);

            assertThat(page.readMessage().status()).isEqualTo(403);
        }
        assertThat(routes()).containsExactly("/ -> svc (file)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"})
    void a_type_that_a_page_may_send_without_asking_changes_nothing(String type) throws Exception {
        balancer.start(FLAG);

        Reply refused = write("POST", "/api/routes", "/new: svc", Map.of("Content-Type", type));

        assertThat(refused.status()).isEqualTo(415);
        assertThat(routes()).containsExactly("/ -> svc (file)");
    }

    @Test
    void no_path_tells_a_page_that_it_may_ask() throws Exception {
        balancer.start(FLAG);

        Reply reply = balancer.admin().send("OPTIONS", "/api/routes", null, Map.of());

        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.header("Access-Control-Allow-Origin")).isNull();
    }

    @Test
    void of_two_who_changed_the_same_version_the_second_is_told() throws Exception {
        balancer.start(FLAG);
        Reply read = balancer.admin().get("/api/routes");
        String version = String.valueOf(read.header("ETag"));

        assertThat(write("PUT", "/api/routes", "/a: svc", Map.of("If-Match", version))
                        .status())
                .isEqualTo(200);
        Reply late = write("PUT", "/api/routes", "/b: svc", Map.of("If-Match", version));

        assertThat(late.status()).isEqualTo(409);
        assertThat(late.json().path("error").asText()).contains("have changed");
        assertThat(routes()).contains("/a -> svc (admin)").doesNotContain("/b -> svc (admin)");
        assertThat(write("PUT", "/api/routes", "/b: svc", Map.of("If-Match", "nonsense"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void a_misspelt_parameter_does_not_carry_out_the_change() throws Exception {
        balancer.start(FLAG);
        for (String path : List.of("/api/routes?dryrun=true", "/api/routes?dry-run=true&x=y")) {
            Reply refused = write("PUT", path, "/: other", Map.of());
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.json().path("error").asText()).contains("there is no such parameter here");
        }
        assertThat(write("POST", "/api/reload?dry-run=true", "", Map.of()).status())
                .isEqualTo(400);
        assertThat(balancer.admin().get("/api/routes").body()).doesNotContain("other");
    }

    @Test
    void a_dry_run_says_what_would_change_and_changes_nothing() throws Exception {
        balancer.start(FLAG);

        Reply reply = write("PUT", "/api/routes?dry-run=true", "/: other", Map.of());

        assertThat(reply.json().path("summary").asText()).isEqualTo("would be: 1 changed");
        assertThat(reply.json().path("diff").path("changed").toString()).contains("to: other (was svc)");
        assertThat(routes()).containsExactly("/ -> svc (file)");
    }

    @Test
    void a_table_can_be_rolled_back_to_and_stays_until_it_is_released() throws Exception {
        balancer.start(FLAG);
        long good = balancer.admin().get("/api/routes").json().path("version").asLong();
        write("PUT", "/api/routes", "/: broken", Map.of());

        assertThat(write("POST", "/api/rollback/" + good, null, Map.of()).status())
                .isEqualTo(200);
        assertThat(routes()).containsExactly("/ -> svc (file)");
        Reply meanwhile = write("PUT", "/api/routes", "/x: svc", Map.of());
        assertThat(meanwhile.status()).isEqualTo(409);
        assertThat(meanwhile.json().path("error").asText()).contains("DELETE /api/rollback");

        JsonNode history = balancer.admin().get("/api/history").json();
        assertThat(history.path("pinned").path("version").asLong()).isEqualTo(good);
        assertThat(history.path("tables")
                        .path(0)
                        .path("causes")
                        .path(0)
                        .path("who")
                        .asText())
                .isEqualTo("127.0.0.1");
        assertThat(balancer.admin()
                        .get("/api/history/" + good)
                        .json()
                        .path("routes")
                        .path(0)
                        .path("target")
                        .asText())
                .isEqualTo("svc");

        assertThat(write("DELETE", "/api/rollback", null, Map.of()).status()).isEqualTo(200);
        assertThat(routes()).containsExactly("/ -> broken (admin)");
        assertThat(write("POST", "/api/rollback/999", null, Map.of()).status()).isEqualTo(404);
    }

    @Test
    void routes_are_kept_for_the_next_start_where_there_is_a_file_for_them(@TempDir Path folder) throws Exception {
        String file = "admin-routes-file=" + folder.resolve("routes.json");
        balancer.start(FLAG, file);
        write(
                "PUT",
                "/api/routes",
                "/kept:\n  to: svc\n  strip-prefix: yes\nshop.example.com/:\n- to: a\n  match: {method: [GET]}\n- to: b\n",
                Map.of());
        List<String> before = routes();
        balancer.stop();

        balancer.start(FLAG, file);

        assertThat(routes()).hasSize(4).isEqualTo(before);
        assertThat(routeOf("/kept").path("options").path("strip-prefix").asText())
                .isEqualTo("/kept");
        assertThat(write("DELETE", "/api/routes?route=shop.example.com/", null, Map.of())
                        .status())
                .isEqualTo(200);
        assertThat(routes()).hasSize(2);
    }

    @Test
    void a_file_of_routes_with_a_mistake_keeps_the_balancer_from_starting(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("routes.json"), "{\"route\": {\"/x\": {\"too\": \"svc\"}}}");

        assertThatThrownBy(() -> balancer.start(FLAG, "admin-routes-file=" + file))
                .hasMessageContaining(file + ":1:");
    }

    @Test
    void a_token_in_a_file_is_read_again_when_it_changes(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("token"), TOKEN + "\n");
        balancer.start("admin-token-file=" + file);
        assertThat(write("PUT", "/api/routes", "/a: svc", Map.of()).status()).isEqualTo(200);

        Files.writeString(file, "another-token-of-the-operator");

        await().untilAsserted(() -> assertThat(
                        write("PUT", "/api/routes", "/a: svc", Map.of()).status())
                .isEqualTo(401));
    }

    @Test
    void the_token_is_shown_nowhere() throws Exception {
        balancer.start(FLAG);

        assertThat(balancer.admin().get("/api/config").body()).doesNotContain(TOKEN);
        write("PUT", "/api/routes", "/a: svc", Map.of());
        assertThat(balancer.admin().get("/api/audit").body()).doesNotContain(TOKEN);
    }

    private Reply write(String method, String path, @Nullable String body, Map<String, String> more) {
        Map<String, String> fields = new HashMap<>(Map.of("Authorization", "Bearer " + TOKEN));
        if (body != null) {
            fields.put("Content-Type", body.startsWith("{") ? "application/json" : "application/yaml");
        }
        fields.putAll(more);
        return balancer.admin().send(method, path, body, fields);
    }

    private List<String> routes() {
        List<String> routes = new ArrayList<>();
        balancer.admin()
                .get("/api/routes")
                .json()
                .path("routes")
                .forEach(route -> routes.add(route.path("route").asText() + " -> "
                        + route.path("target").asText() + " ("
                        + route.path("source").asText() + ")"));
        return routes;
    }

    private JsonNode routeOf(String key) {
        for (JsonNode route : balancer.admin().get("/api/routes").json().path("routes")) {
            if (route.path("route").asText().equals(key)) {
                return route;
            }
        }
        throw new AssertionError("no route " + key);
    }
}
