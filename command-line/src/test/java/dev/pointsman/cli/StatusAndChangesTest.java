package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pointsman status} and {@code changes}, with an admin API that answers as told. */
class StatusAndChangesTest {
    private static final String READY = """
            {"status": "ready", "since": "2026-11-28T02:00:05Z", "why": "", "version": "1.2.3",
             "startedAt": "2026-11-28T02:00:00Z", "tableVersion": 12, "connections": 17, "targetCount": 2,
             "problemCount": 1, "notShown": 0, "targets": [
              {"target": "api\\u001b[2J", "problem": "not all instances take traffic: 1 ejected, 2 ready",
               "since": null, "ready": 2, "instances": 3, "states": {"ready": 2, "ejected": 1}, "inFlight": 4,
               "picks": 1700, "retries": 3},
              {"target": "web", "problem": null, "since": null, "ready": 1, "instances": 1, "states": {"ready": 1},
               "inFlight": 0, "picks": 9, "retries": 0}]}
            """;
    private static final String EJECTED = """
            {"number": 7, "at": "2026-11-28T02:01:00.123456789Z", "target": "api", "id": "api-1", "node": "box",
             "from": "ready", "to": "ejected", "reason": "ejected for 30 s: it could not be reached"}""";
    private static final String ROUTES = """
            {"number": 6, "at": "2026-11-28T02:00:30Z", "table": 12, "to": "in-force", "reason": "1 added",
             "causes": [{"source": "admin", "what": "PUT /api/routes", "who": "192.0.2.7"}]}""";

    private final AdminAnswers answers = new AdminAnswers();
    private final Terminal terminal;

    StatusAndChangesTest(@TempDir Path home) throws IOException {
        terminal = new Terminal(home);
    }

    @AfterEach
    void close() {
        answers.close();
    }

    @Test
    void the_status_of_a_ready_balancer_is_a_table_and_0() {
        answers.put("/api/status", READY);

        assertThat(type("status")).isZero();

        assertThat(terminal.out().lines())
                .containsExactly(
                        "ready since 2026-11-28T02:00:05Z",
                        "version 1.2.3, started 2026-11-28T02:00:00Z, table 12, 17 connections of clients, 2 targets, 1"
                                + " with a problem",
                        "TARGET        READY  EJECTED  IN FLIGHT  REQUESTS  RETRIES  WHY",
                        "api\\u001b[2J    2/3        1          4      1700        3  not all instances take traffic: 1"
                                + " ejected, 2 ready",
                        "web             1/1        0          0         9        0");
    }

    @Test
    void one_that_is_not_ready_says_why_and_is_1() {
        answers.put(
                "/api/status",
                READY.replace("\"ready\", \"since\"", "\"starting\", \"since\"")
                        .replace("\"why\": \"\"", "\"why\": \"warms up\""));

        assertThat(type("status")).isEqualTo(1);

        assertThat(terminal.out()).startsWith("starting since 2026-11-28T02:00:05Z: warms up\n");
    }

    @Test
    void one_that_is_not_there_is_1_and_what_makes_no_sense_is_2() {
        answers.close();

        assertThat(type("status")).isEqualTo(1);
        assertThat(terminal.err()).contains("no response from the admin API");
        assertThat(terminal.type("status", "--admin", "not a host")).isEqualTo(2);
        assertThat(terminal.type("status", "--frobnicate")).isEqualTo(2);
        assertThat(terminal.type("changes", "-n", "many")).isEqualTo(2);
        assertThat(terminal.type("changes", "-n", "-1")).isEqualTo(2);
    }

    @Test
    void something_else_that_responds_is_no_balancer_that_is_ready() {
        answers.put("/api/status", "{}");

        assertThat(type("status")).isEqualTo(1);

        assertThat(terminal.err()).contains("not the admin API of a balancer");
    }

    @Test
    void as_json_it_is_the_document_that_the_admin_api_gave() throws Exception {
        answers.put("/api/status", READY);

        assertThat(type("status", "--json")).isZero();

        assertThat(new ObjectMapper().readTree(terminal.out())).isEqualTo(new ObjectMapper().readTree(READY));
    }

    @Test
    void changes_of_instances_and_routes_are_listed_with_the_newest_last() {
        answers.put("/api/changes?limit=2", changes("A", 7, EJECTED, ROUTES));

        assertThat(type("changes", "-n", "2")).isZero();

        assertThat(terminal.out().lines())
                .containsExactly(
                        "TIME                      TARGET    WHAT      FROM   TO        WHY",
                        "2026-11-28T02:00:30Z      (routes)  table 12  -      in-force  1 added (admin: PUT /api/routes by"
                                + " 192.0.2.7)",
                        "2026-11-28T02:01:00.123Z  api       api-1     ready  ejected   ejected for 30 s: it could not be"
                                + " reached");
    }

    @Test
    void followed_as_json_each_change_is_a_line_and_comes_once() throws Exception {
        answers.put("/api/changes?limit=20", changes("A", 6, ROUTES));
        answers.put("/api/changes?after=6", changes("A", 7, EJECTED));
        answers.put("/api/changes?after=7", changes("A", 7));

        List<String> lines = linesOfFollowing(2);

        List<JsonNode> changes = new ArrayList<>();
        for (String line : lines) {
            changes.add(new ObjectMapper().readTree(line));
        }
        assertThat(changes).extracting(change -> change.path("number").asInt()).containsExactly(6, 7);
    }

    @Test
    void following_goes_on_with_a_balancer_that_was_started_again_and_says_so() throws Exception {
        answers.put("/api/changes?limit=20", changes("A", 6, ROUTES));
        answers.put("/api/changes?after=6", changes("B", 9));
        answers.put("/api/changes", changes("B", 9, EJECTED));
        answers.put("/api/changes?after=9", changes("B", 9));

        assertThat(linesOfFollowing(2)).last().asString().contains("api-1");

        assertThat(terminal.err()).contains("another balancer runs there since B");
    }

    @Test
    void following_says_how_many_changes_it_missed() throws Exception {
        answers.put("/api/changes?limit=20", changes("A", 6, ROUTES));
        answers.put("/api/changes?after=6", changes("A", 1007, EJECTED));
        answers.put("/api/changes?after=1007", changes("A", 1007));

        linesOfFollowing(2);

        assertThat(terminal.err()).contains("1000 changes are missing");
    }

    private List<String> linesOfFollowing(int lines) throws InterruptedException {
        Thread following = new Thread(() -> type("changes", "-f", "--json"), "following");
        following.start();
        try {
            await().untilAsserted(() -> assertThat(terminal.out().lines()).hasSizeGreaterThanOrEqualTo(lines));
        } finally {
            following.interrupt();
            following.join();
        }
        return terminal.out().lines().toList();
    }

    private static String changes(String startedAt, long last, String... changes) {
        return "{\"startedAt\": \"" + startedAt + "\", \"last\": " + last + ", \"changes\": ["
                + String.join(", ", changes) + "]}";
    }

    private int type(String... words) {
        return answers.type(terminal, words);
    }
}
