package dev.pointsman.balancer.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.balancer.route.RegexRewrite.BadRewriteException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegexRewriteTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "(((a{100}){100}){100})",
                "((a?b?){40}){30}z",
                "(((a?b?){100}){100}){20}z",
                "(?:(?P<x>a{50}){50})",
                "(a{1,200}b{1,200}){3}",
                "([a-z]{90}|\\Qlong text\\E){9}",
                "((((x{9}){9}){9}){9}){9"
            })
    void an_expression_that_becomes_large_is_refused_before_it_is_compiled(String expression) {
        assertThatThrownBy(() -> RegexRewrite.of(expression, "/z"))
                .isInstanceOf(BadRewriteException.class)
                .hasMessageContaining("expected: a smaller regular expression");
    }

    @Test
    void an_expression_that_is_long_is_refused_and_shown_in_part_and_in_one_line() {
        assertThatThrownBy(() -> RegexRewrite.of("\n" + "a".repeat(RegexRewrite.LONGEST), "/z"))
                .isInstanceOf(BadRewriteException.class)
                .hasMessageStartingWith("\"\\na")
                .hasMessageContaining("a...\" (expected: a smaller")
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @CsvSource({
        "^/api/v[0-9]+/users/([^/]+)/(.*)$, /u/$1/$2, /api/v2/users/me/x, /u/me/x",
        "'^/(\\d{4})/(\\d{2})/(.*)', /$1-$2/$3, /2026/11/x, /2026-11/x",
        "'[]/]+\\Q{2}\\E', /x, '/a/{2}', '/a/x'",
        "'{', /b, '/a{', '/a/b'"
    })
    void what_people_write_is_taken(String expression, String replacement, String path, String expected)
            throws BadRewriteException {
        assertThat(RegexRewrite.of(expression, replacement).apply(path)).isEqualTo(expected);
    }
}
