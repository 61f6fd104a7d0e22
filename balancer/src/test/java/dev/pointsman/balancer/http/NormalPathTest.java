package dev.pointsman.balancer.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalPathTest {
    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "/,                 /",
        "/api,              /api",
        "/api/,             /api/",
        "/api/x.json,       /api/x.json",
        "/a/./b,            /a/b",
        "/a/../b,           /b",
        "/a/b/..,           /a/",
        "/a/b/.,            /a/b/",
        "/a/..,             /",
        "/..,               /",
        "/../..,            /",
        "/../../a,          /a",
        "/a/../../b,        /b",
        "//,                /",
        "//a//b,            /a/b",
        "/a///b//,          /a/b/",
        "/a/...,            /a/...",
        "/.hidden,          /.hidden",
        "/a/..b,            /a/..b",
    })
    void dot_segments_and_runs_of_slashes_are_resolved_and_never_lead_above_the_root(String path, String normal) {
        assertThat(NormalPath.of(path)).isEqualTo(normal);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "/%61pi,            /api",
        "/a%70i,            /api",
        "/a/%2e%2e/b,       /b",
        "/a/%2E./b,         /b",
        "/a/.%2e,           /",
        "/%2e,              /",
        "/%7Euser,          /~user",
        "/a%2Db%5fc,        /a-b_c",
    })
    void unreserved_characters_mean_the_same_with_and_without_percent_encoding(String path, String normal) {
        assertThat(NormalPath.of(path)).isEqualTo(normal);
    }

    @ParameterizedTest
    @CsvSource({"/api%2Fx", "/api%2fx", "/a%2F..%2Fb", "/a%20b", "/%C3%A4", "/a%3Fb", "/a%", "/a%2", "/a%zz", "/%25"})
    void all_else_stays_as_it_is(String path) {
        assertThat(NormalPath.of(path)).isEqualTo(path);
    }

    @Test
    void what_was_decoded_is_not_decoded_again() {
        assertThat(NormalPath.of("/%252e%252e/x")).isEqualTo("/%252e%252e/x");
    }

    @Test
    void whatever_the_path_its_normal_form_is_rooted_and_normal_itself() {
        List<String> pieces = List.of(
                "/", "/", "/", ".", "..", "%2e", "%2E", "%2F", "%25", "%", "%2", "2e", "e", "a", "bc", "%61", "~",
                "\u00e4");
        Random random = new Random(20_261_121);
        for (int i = 0; i < 50_000; i++) {
            StringBuilder path = new StringBuilder("/");
            int length = random.nextInt(12);
            for (int j = 0; j < length; j++) {
                path.append(pieces.get(random.nextInt(pieces.size())));
            }

            String normal = NormalPath.of(path.toString());

            assertThat(normal).as("normal form of %s", path).startsWith("/").doesNotContain("//");
            assertThat(List.of(normal.split("/", -1)))
                    .as("segments of %s", path)
                    .doesNotContain(".", "..");
            assertThat(NormalPath.of(normal))
                    .as("normal form of the normal form of %s", path)
                    .isEqualTo(normal);
        }
    }
}
