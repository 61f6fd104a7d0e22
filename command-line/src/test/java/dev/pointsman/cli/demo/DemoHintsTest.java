package dev.pointsman.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoHintsTest {
    @ParameterizedTest
    @CsvSource({"8080, 9901, 8500", "80, 19901, 18500"})
    void what_each_command_shows_stands_below_what_the_others_show(int clients, int admin, int registry) {
        List<String> hints = DemoHints.of(new DemoPorts(clients, admin, registry));

        assertThat(columns(hints, "^  (curl|http).*"))
                .hasSize(6)
                .containsOnly(columns(hints, "^  curl.*").get(0));
        assertThat(columns(hints, "^  \\./pointsman.*"))
                .hasSize(5)
                .containsOnly(columns(hints, "^  \\./pointsman list.*").get(0));
    }

    /** Where the explanation begins in each line. */
    private static List<Integer> columns(List<String> hints, String lines) {
        return hints.stream()
                .filter(line -> line.matches(lines))
                .map(line ->
                        line.length() - line.replaceFirst("^.*\\S {3,}", "").length())
                .toList();
    }
}
