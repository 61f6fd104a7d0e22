package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pointsman.cli.doctor.DoctorCheck;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
    @TempDir
    private Path home = Path.of(".");

    private Terminal terminal = new Terminal(home);
    private Path file = Path.of(".");

    @BeforeEach
    void sit_down() throws IOException {
        terminal = new Terminal(home);
        file = home.resolve("p.yaml");
        Files.writeString(
                file, "port: 0\nadmin: 127.0.0.1:0\nsticky-secret: not-to-be-shown-1\nroute:\n  /api: api-service\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private JsonNode json(String... more) throws Exception {
        String[] words = new String[more.length + 3];
        words[0] = "doctor";
        words[1] = file.toString();
        words[2] = "--json";
        System.arraycopy(more, 0, words, 3, more.length);
        int unused = terminal.type(words);
        return new JsonMapper().readTree(terminal.out());
    }

    @Test
    void with_nothing_running_it_is_quick_and_says_what_is_missing() {
        Instant before = Instant.now();

        assertThat(terminal.type("doctor", file.toString(), "--consul", "127.0.0.1:1", "-q"))
                .isEqualTo(1);

        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(10));
        assertThat(terminal.out())
                .contains("error    consul-agent: http://127.0.0.1:1: does not respond: ")
                .contains("         why: ", "         do:  ")
                .doesNotContain("\nok ");
        assertThat(terminal.out().lines().reduce((one, last) -> last).orElse(""))
                .matches("\\d+ ok, \\d+ notes?, \\d+ warnings?, 1 error");
        assertThat(terminal.err()).isEmpty();
    }

    @Test
    void as_json_it_is_one_object_whose_findings_say_what_why_and_what_to_do() throws Exception {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        JsonNode report = json("--consul", "127.0.0.1:1");

        assertThat(report.path("healthy").isBoolean()).isTrue();
        assertThat(report.path("healthy").asBoolean()).isFalse();
        assertThat(report.path("counts").path("error").asInt()).isEqualTo(2);
        assertThat(report.path("findings"))
                .allSatisfy(each -> assertThat(each.fieldNames())
                        .toIterable()
                        .containsExactly("level", "check", "where", "what", "why", "todo"))
                .anySatisfy(each -> {
                    assertThat(each.path("check").asText()).isEqualTo("secret-files");
                    assertThat(each.path("level").asText()).isEqualTo("error");
                    assertThat(each.path("where").asText()).isEqualTo(file.toString());
                    assertThat(each.path("todo").asText()).startsWith("chmod 600 ");
                });
        assertThat(terminal.out()).doesNotContain("not-to-be-shown");
    }

    @Test
    void with_a_registry_that_is_well_warnings_are_no_failure_unless_it_is_strict() throws Exception {
        LocalRegistry registry = LocalRegistry.start("127.0.0.1", 0, List.of(), "--port");
        try {
            String url = "http://127.0.0.1:" + registry.port();

            JsonNode report = json("--consul", url);

            assertThat(report.path("counts").path("error").asInt()).isZero();
            assertThat(report.path("healthy").asBoolean()).isTrue();
            assertThat(report.path("findings"))
                    .anySatisfy(each -> {
                        assertThat(each.path("check").asText()).isEqualTo("consul-wait");
                        assertThat(each.path("level").asText()).isEqualTo("ok");
                    })
                    .anySatisfy(each -> {
                        assertThat(each.path("check").asText()).isEqualTo("routes");
                        assertThat(each.path("level").asText()).isEqualTo("warning");
                        assertThat(each.path("what").asText()).contains("\"api-service\"");
                    });
            assertThat(new Terminal(home).type("doctor", file.toString(), "--consul", url))
                    .isZero();
            assertThat(new Terminal(home).type("doctor", file.toString(), "--consul", url, "--strict"))
                    .isEqualTo(1);
        } finally {
            for (Supplier<Future<Void>> step : registry.stops()) {
                RunningProcess.await(step.get());
            }
        }
    }

    @Test
    void a_registry_that_the_balancer_brings_along_need_not_be_there_yet() throws Exception {
        Files.writeString(file, "dev: true\nconsul: http://127.0.0.1:1\nport: 0\nadmin: 127.0.0.1:0\n");

        assertThat(json().path("counts").path("error").asInt()).isZero();
    }

    @Test
    void wrong_usage_is_one_sentence() {
        assertThat(terminal.type("doctor", home.resolve("none.yaml").toString()))
                .isEqualTo(2);
        assertThat(terminal.err())
                .isEqualTo("pointsman doctor: CONFIG: \"" + home.resolve("none.yaml") + "\" (expected: a file)\n");

        Terminal second = new Terminal(home);
        assertThat(second.type("doctor", "--consul", "ftp://x")).isEqualTo(2);
        assertThat(second.err().lines()).hasSize(1).allMatch(line -> line.contains("--consul: "));

        Terminal third = new Terminal(home);
        assertThat(third.type("doctor", "--admin", "not a url")).isEqualTo(2);
        assertThat(third.err())
                .isEqualTo(
                        "pointsman doctor: --admin: \"not a url\" (expected: HOST:PORT or a URL of the admin API)\n");

        assertThat(new Terminal(home).type("doctor", "--frobnicate")).isEqualTo(2);
    }

    @Test
    void the_page_about_it_has_a_row_for_each_check() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "doctor.md"));

        assertThat(Arrays.stream(DoctorCheck.values()).map(DoctorCheck::id))
                .allSatisfy(id -> assertThat(page).contains("\n| `" + id + "` | "));
    }
}
