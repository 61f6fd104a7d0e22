package dev.pointsman.balancer.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Problems are read by more people than the environment. */
class WrittenValuesTest {
    private static final String SECRET = "hunter2;swordfish";
    private static final ConfigSource SOURCE = new ConfigSource(null, List.of(), Map.of("SECRET", SECRET));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "port: '${SECRET}'",
                "port: 'x${SECRET}y'",
                "admin: '${SECRET}'",
                "consul: 'ftp://${SECRET}'",
                "forwarded: '${SECRET}'",
                "trusted-proxies: '${SECRET}'",
                "policy: '${SECRET}'",
                "view-file: '/no/such/${SECRET}'",
                "admin-token-file: '/no/such/${SECRET}'",
                "include: '${SECRET}'",
                "max-body: '${SECRET}'",
                "route: {/a: '${SECRET};policy=random'}",
                "route: {/a: {to: x, auth: '${SECRET}'}}",
                "route: {/a: {to: x, strip-prefix: '${SECRET}'}}",
                "route: {/a: {to: x, allow: ['${SECRET}']}}",
                "route: {/a: {to: x, cors: {origins: '${SECRET}'}}}",
                "route: {/a: {to: x, rewrite: {match: '(${SECRET}'}}}",
                "route: {/a: {upstreams: ['${SECRET}']}}",
                "route: {/a: {to: x, match: {method: ['${SECRET}']}}}",
                "route: {/a: {to: x, request-headers: {remove: '${SECRET}'}}}",
            })
    void a_problem_shows_a_variable_as_it_is_written(String document) {
        RefusedConfig refused = (RefusedConfig)
                SOURCE.read(Path.of("f.yaml"), document.getBytes(StandardCharsets.UTF_8), DocumentTrust.OPERATOR);

        assertThat(refused.problems())
                .isNotEmpty()
                .noneMatch(problem -> problem.contains("hunter2") || problem.contains("swordfish"));
        assertThat(refused.problems().toString()).contains("${SECRET}");
    }

    @Test
    void place_and_what_was_expected_stay() {
        RefusedConfig refused = (RefusedConfig) SOURCE.read(
                Path.of("f.yaml"), "port: '${SECRET}'".getBytes(StandardCharsets.UTF_8), DocumentTrust.OPERATOR);

        assertThat(refused.problems())
                .singleElement()
                .asString()
                .startsWith("f.yaml:1:7: port: \"${SECRET}\" (expected: ")
                .endsWith(")");
    }

    @Test
    void a_file_that_holds_no_users_is_not_quoted(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "alice:x:0:0\nhunter2\nbob:$2y$99$\n");
        RefusedConfig refused = (RefusedConfig) SOURCE.read(
                Path.of("f.yaml"),
                ("route: {/a: {to: x, auth: " + file + "}}").getBytes(StandardCharsets.UTF_8),
                DocumentTrust.OPERATOR);

        assertThat(refused.problems()).hasSize(3).allMatch(problem -> problem.contains(file + ":"));
        // The folder's name is made of digits.
        assertThat(refused.problems().toString().replace(folder.toString(), ""))
                .doesNotContain("alice", "hunter2", "bob", "99");
    }
}
