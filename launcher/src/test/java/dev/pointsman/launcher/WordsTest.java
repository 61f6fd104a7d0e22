package dev.pointsman.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordsTest {
    private static final ServicePlan PLAN = Plans.of("api", 1, Rules.DEFAULT, null, List.of("app"));

    @Test
    void an_exit_is_told_by_its_code_or_its_signal() {
        assertThat(Words.exit(3)).isEqualTo("exited with code 3");
        assertThat(Words.exit(128 + 9)).isEqualTo("was ended by SIGKILL");
        assertThat(Words.exit(255)).isEqualTo("exited with code 255");
    }

    @Test
    void a_program_that_listens_elsewhere_hears_how_it_is_told_its_port() {
        assertThat(Words.tooSlow(PLAN, 21000, "connection refused", List.of(3000)))
                .isEqualTo("was not up within 30 s: it listens on [3000], and not on its port 21000 (the variable PORT,"
                        + " or {port} in its arguments)");
        assertThat(Words.tooSlow(PLAN, 21000, "connection refused", List.of()))
                .isEqualTo("was not up within 30 s: connection refused");
    }

    @Test
    void times_and_numbers_read_as_people_write_them() {
        assertThat(Words.time(Duration.ofMillis(1500))).isEqualTo("1500 ms");
        assertThat(Words.time(Duration.ofSeconds(2))).isEqualTo("2 s");
        assertThat(Words.count(1, "instance")).isEqualTo("1 instance");
        assertThat(Words.count(0, "instance")).isEqualTo("0 instances");
    }
}
