package dev.pointsman.system.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExpectedOutputTest {
    private final Map<String, String> known = new HashMap<>();

    private boolean matches(String output, String... expected) {
        return new ExpectedOutput(List.of(expected)).matches(output, known);
    }

    @Test
    void text_is_compared_as_it_is() {
        assertThat(matches("HTTP/1.1 200 OK\n", "HTTP/1.1 200 OK")).isTrue();
        assertThat(matches("HTTP/1.1 503 OK\n", "HTTP/1.1 200 OK")).isFalse();
        assertThat(matches("a.c\nmore\n", "a.c")).isFalse();
        assertThat(matches("abc\n", "a.c")).isFalse();
    }

    @Test
    void a_process_is_the_same_one_again_and_not_another_one() {
        assertThat(matches("from 31\nfrom 32\nfrom 31\n", "from 4711", "from 4712", "from 4711"))
                .isTrue();
        assertThat(known).containsExactlyInAnyOrderEntriesOf(Map.of("4711", "31", "4712", "32"));

        assertThat(matches("from 31", "from 4711")).isTrue();
        assertThat(matches("from 32", "from 4711")).isFalse();
        assertThat(matches("from 31", "from 4713")).isFalse();
        assertThat(ExpectedOutput.resolve("kill -9 4712 4799", known)).isEqualTo("kill -9 32 4799");
    }

    @Test
    void what_is_not_the_expected_output_teaches_nothing() {
        assertThat(matches("from 31\nwell", "from 4711", "ill")).isFalse();

        assertThat(known).isEmpty();
    }

    @Test
    void dots_are_any_text_and_any_lines() {
        assertThat(matches("one\ntwo\nready since today\n", "...", "ready since ..."))
                .isTrue();
        assertThat(matches("ready since today\n", "...", "ready since ...")).isTrue();
        assertThat(matches("200\n", "...", "200")).isTrue();
        assertThat(matches("200\n502\n", "...", "200")).isFalse();
        assertThat(matches("200\n502\n", "200", "...")).isTrue();
    }

    @Test
    void times_sizes_percentages_and_blanks_vary() {
        assertThat(matches("x   5s  0.0%  73m\n", "x  3m12s  12.5% 1g")).isTrue();
        assertThat(matches("x   5s  0.0%  none\n", "x  3m12s  12.5% 1g")).isTrue();
        assertThat(matches("y   5s\n", "x  3m12s")).isFalse();
    }

    @Test
    void ports_and_machines_are_exchanged_and_shown_as_they_stand_there() {
        DocumentedPorts ports = DocumentedPorts.onFreePorts();
        String actual = ports.toActual("curl localhost:8080/a8080 10.0.0.2:9901 v1.8080.1");

        assertThat(actual)
                .isEqualTo(
                        "curl localhost:" + ports.of("8080") + "/a8080 127.0.10.2:" + ports.of("9901") + " v1.8080.1");
        assertThat(ports.toDocumented(actual)).isEqualTo("curl localhost:8080/a8080 10.0.0.2:9901 v1.8080.1");
    }
}
