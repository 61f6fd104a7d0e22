package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pointsman.testkit.NeedsPrograms;
import dev.pointsman.testkit.TestAuthority;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {
    @TempDir
    private Path home = Path.of(".");

    private Terminal terminal = new Terminal(home);
    private Path file = Path.of(".");

    @BeforeEach
    void sit_down() throws IOException {
        terminal = new Terminal(home);
        file = home.resolve("p.yaml");
        Files.writeString(
                file, "route:\n  /api: api-service\n  shop.example.com/: {redirect: '308,https://x.example$path'}\n");
    }

    @Test
    void a_good_file_is_summed_up() {
        assertThat(terminal.type("check", file.toString())).isZero();

        assertThat(terminal.out()).isEqualTo(file + """
                 is fine
                  routes    2
                    shop.example.com/ -> a redirection
                    /api              -> api-service
                  targets   1: api-service
                """);
        assertThat(terminal.err()).isEmpty();
    }

    @Test
    @NeedsPrograms(value = "openssl", debianPackage = "openssl")
    void a_certificate_that_clients_will_refuse_is_a_warning() throws IOException {
        TestAuthority.in(home, "ca").issueUntilYesterday("old", "/CN=old.example.com", "old.example.com");
        Files.writeString(file, """
                listen: {address: ":8443", tls: true}
                tls: {cert: %1$s/old.crt, key: %1$s/old.key}
                route: {/: webapp}
                """.formatted(home));

        assertThat(terminal.type("check", file.toString())).isZero();
        assertThat(terminal.out()).contains(" is fine");
        assertThat(terminal.err())
                .startsWith("warning: " + home.resolve("old.crt") + ": expired at ")
                .hasLineCount(1);
    }

    @Test
    void upstreams_of_tcp_are_shown_as_such() {
        assertThat(terminal.type("check", "--tcp", ":5432=tcp://10.0.0.7:5432,tcp://10.0.0.8:5432"))
                .isZero();

        assertThat(terminal.out()).contains(":5432 -> tcp://10.0.0.7:5432,tcp://10.0.0.8:5432");
    }

    @Test
    void of_many_targets_the_first_are_named() throws IOException {
        Files.writeString(
                file,
                IntStream.range(0, 1000)
                        .mapToObj("  /%1$03d: service-%1$03d\n"::formatted)
                        .collect(Collectors.joining("", "route:\n", "")));

        assertThat(terminal.type("check", file.toString())).isZero();

        assertThat(terminal.out())
                .contains("  targets   1000: service-000, ", "service-019 and 980 more (--json has all)")
                .doesNotContain(", service-020");
    }

    @Test
    void every_problem_of_a_bad_file_is_a_line_that_begins_with_its_place() throws IOException {
        Files.writeString(file, "port: x\nprot: 1\n");

        assertThat(terminal.type("check", file.toString())).isEqualTo(2);

        assertThat(terminal.out()).isEmpty();
        assertThat(terminal.err().lines())
                .hasSize(2)
                .anyMatch(line -> line.startsWith(file + ":1:7: port: \"x\" (expected: "))
                .anyMatch(line -> line.startsWith(file + ":2:1: prot: "));
    }

    @Test
    void routes_given_by_flags_are_checked_alike() {
        assertThat(terminal.type("check", "--route", "/a=one", "--route", "api=x"))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("--route: \"api\" (expected: ");

        assertThat(new Terminal(home).type("check", "--route", "/a=one;match;method=GET"))
                .isZero();
    }

    @Test
    void flags_count_more_than_the_file_as_they_do_for_the_balancer() throws IOException {
        Files.writeString(file, "idle-timeout: 1m\nroute: {/: x}\n");

        assertThat(terminal.type("check", "--config", file.toString(), "--idle-timeout", "1s"))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("--idle-timeout: a response-timeout of 30000ms is longer");
    }

    @Test
    void values_come_from_the_environment_of_the_command() throws IOException {
        Files.writeString(file, "port: ${PORT}\n");
        assertThat(terminal.type("check", file.toString())).isEqualTo(2);

        terminal.environment.put("PORT", "8081");
        assertThat(terminal.type("check", file.toString())).isZero();
    }

    @Test
    void the_result_may_be_json() throws IOException {
        assertThat(terminal.type("check", "--json", file.toString())).isZero();
        JsonNode fine = new JsonMapper().readTree(terminal.out());
        assertThat(fine.get("valid").booleanValue()).isTrue();
        assertThat(fine.get("routes").get(1).get("route").textValue()).isEqualTo("/api");
        assertThat(fine.get("routes").get(1).get("to").get(0).get("target").textValue())
                .isEqualTo("api-service");

        Files.writeString(file, "port: x\n");
        Terminal other = new Terminal(home);
        assertThat(other.type("check", "--json", file.toString())).isEqualTo(2);
        JsonNode bad = new JsonMapper().readTree(other.out());
        assertThat(bad.get("valid").booleanValue()).isFalse();
        assertThat(bad.get("problems").get(0).textValue()).startsWith(file + ":1:7: port: ");
        assertThat(other.err()).isEmpty();
    }

    @Test
    void the_schema_is_printed() throws IOException {
        assertThat(terminal.type("check", "--schema")).isZero();
        assertThat(terminal.out()).isEqualTo(Files.readString(Path.of("..", "docs", "pointsman.schema.json")));
    }

    @Test
    void with_nothing_to_check_it_says_so() {
        assertThat(terminal.type("check")).isEqualTo(2);
        assertThat(terminal.err()).contains("nothing to check (expected: FILE, or flags of the balancer)");
    }

    @Test
    void a_registry_is_asked_for_each_target() throws Exception {
        LocalRegistry registry = LocalRegistry.start("127.0.0.1", 0, List.of(), "--port");
        try {
            String url = "http://127.0.0.1:" + registry.port();
            terminal.environment.put("CONSUL_HTTP_ADDR", url);

            // The flag without a value, the file behind it.
            assertThat(terminal.type("check", "--consul", file.toString())).isEqualTo(2);
            assertThat(terminal.err())
                    .isEqualTo(file + ":2:3: route: /api: no instance has the tag or the service name \"api-service\""
                            + " (expected: one that is registered at " + url + " now)\n");

            // Upstreams that are written down are not asked for.
            Files.writeString(file, "route:\n  /x: {upstreams: 'http://127.0.0.1:1'}\n");
            Terminal other = new Terminal(home);
            assertThat(other.type("check", file.toString(), "--consul", url)).isZero();
            assertThat(other.out())
                    .contains("the registry at " + url + " has an instance for each that is asked for there");
        } finally {
            for (Supplier<Future<Void>> step : registry.stops()) {
                RunningProcess.await(step.get());
            }
        }
    }

    @Test
    void a_registry_that_does_not_respond_is_no_problem_of_the_file() {
        assertThat(terminal.type("check", file.toString(), "--consul", "http://127.0.0.1:1"))
                .isEqualTo(1);
        assertThat(terminal.err())
                .contains("the registry at http://127.0.0.1:1 does not say whether it has api-service: ");
    }
}
