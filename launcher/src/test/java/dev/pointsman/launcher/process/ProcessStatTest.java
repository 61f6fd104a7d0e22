package dev.pointsman.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessStatTest {
    private static final String REST =
            " 4194304 111 0 0 0 30 12 0 0 20 0 1 0 2515721 2990080 445 18446744073709551615 94537748443136 1 1 0 0 0";

    @Test
    void a_line_of_linux_is_read() {
        assertThat(ProcessStat.parse("17869 (sleep) S 7 17869 17868 0 -1" + REST))
                .contains(new ProcessStat(17869, 7, 17868, false, 42, 2515721, 445));
    }

    @Test
    void a_program_may_have_blanks_and_parentheses_in_its_name() {
        assertThat(ProcessStat.parse("5 (a) S 1 (b) R 7 5 4 0 -1" + REST))
                .hasValueSatisfying(facts -> assertThat(facts.parent()).isEqualTo(7));
    }

    @Test
    void one_that_ended_and_was_not_reaped_is_told_apart() {
        assertThat(ProcessStat.parse("5 (node) Z 7 5 4 0 -1" + REST))
                .hasValueSatisfying(facts -> assertThat(facts.zombie()).isTrue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "5 (node", "5 (node) S 7 5", ") ("})
    void anything_else_is_none(String line) {
        assertThat(ProcessStat.parse(line)).isEmpty();
    }
}
