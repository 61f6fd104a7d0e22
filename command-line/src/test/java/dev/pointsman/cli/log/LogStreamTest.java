package dev.pointsman.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What reaches the terminal of what is logged, whoever logs it. */
class LogStreamTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final LogStream log = new LogStream(out);

    @Test
    void an_event_is_one_line_whatever_it_quotes() {
        log.println("10:00:00 INFO Pool - api: n/a\u001b[31m\n10:00:01 ERROR Pool - forged\u2028x\u202ey\u0085z");

        assertThat(printed())
                .isEqualTo("10:00:00 INFO Pool - api: n/a\\u001b[31m 10:00:01 ERROR Pool - forged x\\u202ey z\n");
    }

    @Test
    void it_is_not_longer_than_a_page() {
        log.println("x".repeat(100_000));

        assertThat(printed().length()).isLessThan(4100);
    }

    @Test
    void a_stack_trace_keeps_its_lines_and_its_message_is_one() {
        new IllegalStateException("a\n\tat forged(Forged.java:1)").printStackTrace(log);

        assertThat(printed().lines()).first().asString().endsWith("IllegalStateException: a at forged(Forged.java:1)");
        assertThat(printed().lines().skip(1)).isNotEmpty().allMatch(line -> line.startsWith("\tat "));
    }

    @Test
    void the_further_lines_of_a_sentence_of_ours_stay_lines() {
        log.println("WARN Slot - it failed. The last lines of its output:\n    one\n    two\nthree");

        assertThat(printed())
                .isEqualTo("WARN Slot - it failed. The last lines of its output:\n    one\n    two three\n");
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
