package dev.pointsman.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VariablesTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("PORT", "8081", "EMPTY", "", "DOLLARS", "$$ ${PORT}");

    private final List<String> problems = new ArrayList<>();

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "${PORT} | 8081",
                "a ${PORT} b ${PORT} | a 8081 b 8081",
                "${NONE:-9000} | 9000",
                "${EMPTY:-9000} | 9000",
                "x${EMPTY}y | xy",
                "${PORT:-9000} | 8081",
                "x${NONE:-}y | xy",
                "${NONE:-a:-b $x} | a:-b $x",
                "$${PORT} | ${PORT}",
                "$$$${PORT} | $${PORT}",
                "$$ | $",
                "$host$path?$query | $host$path?$query",
                "costs 5$ | costs 5$",
                "${DOLLARS} | $$ ${PORT}",
            })
    void a_value_may_name_variables(String written, String read) {
        assertThat(value("k: '" + written + "'")).isEqualTo(read);
        assertThat(problems).isEmpty();
    }

    @Test
    void what_a_variable_holds_is_a_value_and_no_yaml() {
        assertThat(new Variables("f", Map.of("V", "[a, b]"), problems).in(new YamlNode.YamlScalar("${V}", false, 1, 1)))
                .isEqualTo(new YamlNode.YamlScalar("[a, b]", false, 1, 1, "${V}"));
    }

    @Test
    void a_variable_that_is_not_set_is_told_with_its_place_and_the_nearest_that_is() {
        value("k: 1\nl:\n  - ${POTR}");

        assertThat(problems)
                .containsExactly("f.yaml:3:5: \"${POTR}\": the environment has no variable POTR (expected: one, or a"
                        + " default as in ${POTR:-value}). Did you mean PORT?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"${}", "${", "${PORT", "${1}", "${A-B}", "${PORT:=x}", "${A:-${B}}", "${ PORT }"})
    void a_reference_that_is_none_is_told(String text) {
        value("k: '" + text + "'");

        assertThat(problems)
                .singleElement()
                .asString()
                .startsWith("f.yaml:1:4: \"${")
                .contains("(expected: ${NAME}");
    }

    @Test
    void a_key_stays_as_it_is_written() {
        assertThat(YamlFile.read(Path.of("f.yaml"), "${PORT}: x".getBytes(StandardCharsets.UTF_8), problems))
                .isInstanceOfSatisfying(YamlNode.YamlMapping.class, root -> assertThat(
                                new Variables("f.yaml", ENVIRONMENT, problems).in(root))
                        .isEqualTo(root));
    }

    @Test
    void what_has_no_value_is_no_setting_so_that_nothing_more_is_said_about_it() {
        Variables variables = new Variables("f", Map.of(), problems);
        variables.in(new YamlNode.YamlScalar("${X}", false, 3, 7));

        Setting bad = new Setting("port", "${X}", "f:3:7: port");
        Setting good = new Setting("drain", "1s", "f:4:8: drain");
        assertThat(variables.usable(List.of(bad, good))).containsExactly(good);
        assertThat(variables.usable(List.of(new Setting("route", "/", "a", "f:2:1: route", List.of(bad, good)))))
                .containsExactly(new Setting("route", "/", "a", "f:2:1: route", List.of(good)));
    }

    /** The last value of the file, with its variables. */
    private String value(String yaml) {
        YamlNode root = YamlFile.read(Path.of("f.yaml"), yaml.getBytes(StandardCharsets.UTF_8), problems);
        YamlNode node = new Variables("f.yaml", ENVIRONMENT, problems).in(Objects.requireNonNull(root));
        while (!(node instanceof YamlNode.YamlScalar)) {
            List<YamlNode> below = node instanceof YamlNode.YamlMapping mapping
                    ? mapping.entries().stream().map(YamlNode.YamlEntry::value).toList()
                    : ((YamlNode.YamlList) node).items();
            node = below.get(below.size() - 1);
        }
        return ((YamlNode.YamlScalar) node).text();
    }
}
