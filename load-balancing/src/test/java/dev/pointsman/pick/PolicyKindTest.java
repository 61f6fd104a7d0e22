package dev.pointsman.pick;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyKindTest {
    private static final Path DOCS = Path.of("..", "docs", "policies.md");

    @ParameterizedTest
    @EnumSource
    void each_has_a_row_in_the_docs(PolicyKind kind) throws IOException {
        List<String> rows = Files.readAllLines(DOCS).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(0, line.indexOf('|', 2)))
                .toList();

        for (String form : kind.form().split(" or ", -1)) {
            assertThat(rows).anySatisfy(row -> assertThat(row).contains("`" + form + "`"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void each_is_read_as_it_is_written(PolicyKind kind) {
        for (String form : kind.form().split(" or ", -1)) {
            Policy policy = Objects.requireNonNull(Policy.parse(form), form);

            assertThat(policy.kind()).isEqualTo(kind);
            assertThat(Policy.parse(policy.toString())).isEqualTo(policy);
        }
    }

    @Test
    void a_sticky_cookie_without_a_name_has_ours() {
        assertThat(Policy.parse("sticky")).isEqualTo(new Policy(PolicyKind.STICKY, Policy.STICKY_COOKIE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "round_robin",
                "Round-Robin",
                "random:x",
                "hash",
                "hash:",
                "hash:header",
                "hash:header:",
                "hash:header:a b",
                "hash:cookie:a;b",
                "hash:query: ",
                "hash:address:x",
                "sticky:",
                "sticky:a=b"
            })
    void what_is_none_is_refused(String text) {
        assertThat(Policy.parse(text)).isNull();
    }

    @Test
    void the_message_for_any_other_text_is_made_of_the_table() {
        assertThat(Policy.EXPECTED)
                .startsWith("round-robin, plain-round-robin, weighted, ")
                .contains(", hash:address, hash:header:NAME, ", ", sticky or sticky:COOKIE");
    }
}
