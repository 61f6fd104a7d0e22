package dev.pointsman.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text from outside, as it stands in logs. */
class OneLineTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "api-service-box-34567",
                "HTTP GET http://127.0.0.1:1/: 200 OK",
                "caf\u00e9 \u4e2d\ud83d\ude00",
                "\\n"
            })
    void ordinary_text_stays_as_it_is(String text) {
        assertThat(OneLine.of(text)).isEqualTo(text);
    }

    @Test
    void line_ends_and_runs_of_blanks_become_one_blank() {
        assertThat(OneLine.of("  a \t b\r\n12:00:00 ERROR c\u0085d\u2028e\u2029f\u00a0g\u000b\fh \n"))
                .isEqualTo("a b 12:00:00 ERROR c d e f g h");
    }

    @Test
    void what_moves_a_terminal_or_hides_text_is_written_by_its_code() {
        assertThat(OneLine.of("\u001b[2J\u0007\u0000\u007f\u009b1m"))
                .isEqualTo("\\u001b[2J\\u0007\\u0000\\u007f\\u009b1m");
        assertThat(OneLine.of("\u202ea\u2066b\u200bc\ufeff")).isEqualTo("\\u202ea\\u2066b\\u200bc\\ufeff");
        assertThat(OneLine.of("\ud83da\ude00 \udb40\udc41")).isEqualTo("\\ud83da\\ude00 \\u{e0041}");
    }

    @Test
    void it_is_cut_off_at_its_limit_and_says_so() {
        assertThat(OneLine.of("abcdef", 6)).isEqualTo("abcdef");
        assertThat(OneLine.of("abcdefg", 6)).isEqualTo("abcde\u2026");
        assertThat(OneLine.of("x".repeat(10_000))).hasSize(200).endsWith("\u2026");
        assertThat(OneLine.of("\u001b".repeat(10_000))).hasSize(200).endsWith("\u2026");
        assertThat(OneLine.of(" ".repeat(10_000) + "x").length()).isLessThan(3);
    }
}
