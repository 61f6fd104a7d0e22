package dev.pointsman.balancer.fabio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "abc abc",
                "a*c abc",
                "a*c a/1.2/c",
                "a?c a1c",
                "*.example.com a.b.example.com",
                "*test* test",
                "*abc abcabc",
                "?*? ac",
                "{abc,def}ghi defghi",
                "{abc,abcd}a abcda",
                "{,a}b b",
                "{a,}b b",
                "{a,ab}{bc,f} abc",
                "{{a,b},c} b",
                "*//{,*.}example.com https://www.example.com",
                "/{rate,[0-9][0-9]}* /17",
                "[a-z][!a-x]*cat*[h][!b]*eyes* my-cat-has-very-bright-eyes",
                "{abc*[a-c]def,abc?[d-g]def} abczddef",
                "{a,ab,abc,abcd}{b,bc,bcd,bcde}{c,cd,cde,cdef} abcdbcdecdef",
                "*{*0,} 1",
                "{ab*}x abzx",
                "a}b a}b",
                "a,b a,b",
                "a]b a]b",
                "[]-a]x ]x",
                "[!-a]x bx",
                "**is**a** this-is-a-test"
            })
    void a_pattern_takes_the_whole_text(String pattern, String text) throws BadGlobException {
        assertThat(Glob.of(pattern).matches(text)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "abc abcd",
                "abc ab",
                "?at at",
                "*.example.com example.com",
                "{a,ab,abc} x",
                "[!a]b ab",
                "[a-c]x dx",
                "{ab*}x zzx",
                "*//{,*.}example.com http://example.com.net",
                "/foo /foo/x",
                "[a-z][!a-x]*cat* my-dog"
            })
    void a_pattern_takes_no_other_text(String pattern, String text) throws BadGlobException {
        assertThat(Glob.of(pattern).matches(text)).isFalse();
    }

    @Test
    void a_backslash_makes_a_special_character_plain() throws BadGlobException {
        assertThat(Glob.of("a\\*b").matches("a*b")).isTrue();
        assertThat(Glob.of("a\\*b").matches("axb")).isFalse();
        assertThat(Glob.of("[\\]]").matches("]")).isTrue();
    }

    @Test
    void a_character_beyond_the_basic_plane_is_one() throws BadGlobException {
        assertThat(Glob.of("?x").matches("\ud83d\ude00x")).isTrue();
        assertThat(Glob.of("*\u00e4").matches("\u00e5\u00e4")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{a,b", "{{a}", "[abc", "[]", "[!]", "[", "[a-", "[a-cx]", "[c-a]", "a\\", "[a\\"})
    void a_text_that_is_not_closed_is_no_pattern(String text) {
        assertThatThrownBy(() -> Glob.of(text)).isInstanceOf(BadGlobException.class);
    }

    @Test
    void braces_in_braces_end_somewhere() {
        assertThatThrownBy(() -> Glob.of("{".repeat(1000) + "}".repeat(20))).isInstanceOf(BadGlobException.class);
        assertThatThrownBy(() -> Glob.of("*".repeat(2000))).isInstanceOf(BadGlobException.class);
    }

    @Test
    void a_pattern_made_to_be_slow_is_not() throws BadGlobException {
        Glob stars = Glob.of("a*".repeat(200) + "b");
        Glob nested = Glob.of("{a,aa,aaa,*a}".repeat(40) + "b");
        String text = "a".repeat(2000);

        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(4), () -> {
            assertThat(stars.matches(text)).isFalse();
            assertThat(nested.matches(text)).isFalse();
            assertThat(stars.matches(text + "b")).isTrue();
            assertThat(nested.matches(text + "b")).isTrue();
        });
    }

    @Test
    void patterns_of_any_shape_take_what_the_same_regular_expression_takes() throws BadGlobException {
        Random random = new Random(17);
        for (int i = 0; i < 20_000; i++) {
            String pattern = pattern(random, 3);
            String text = text(random);
            boolean expected = Pattern.matches(regex(pattern), text);
            assertThat(Glob.of(pattern).matches(text))
                    .as("%s on %s", pattern, text)
                    .isEqualTo(expected);
        }
    }

    private static String pattern(Random random, int depth) {
        StringBuilder pattern = new StringBuilder();
        int parts = random.nextInt(4);
        for (int i = 0; i < parts; i++) {
            switch (random.nextInt(depth == 0 ? 4 : 6)) {
                case 0, 1 -> pattern.append((char) ('a' + random.nextInt(2)));
                case 2 -> pattern.append(random.nextBoolean() ? "*" : "?");
                case 3 -> pattern.append(random.nextBoolean() ? "[ab]" : "[!a-a]");
                default ->
                    pattern.append('{')
                            .append(pattern(random, depth - 1))
                            .append(',')
                            .append(pattern(random, depth - 1))
                            .append('}');
            }
        }
        return pattern.toString();
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append((char) ('a' + random.nextInt(3)));
        }
        return text.toString();
    }

    private static String regex(String pattern) {
        return pattern.replace("*", ".*")
                .replace("?", ".")
                .replace("[!", "[^")
                .replace("{", "(?:")
                .replace(",", "|")
                .replace("}", ")");
    }
}
