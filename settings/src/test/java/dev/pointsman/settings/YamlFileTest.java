package dev.pointsman.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.settings.Option.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlFileTest {
    private static final OptionTable TABLE = OptionTable.of(
            Option.of("port", Form.number(1, 9)).byDefault(1).means("a number"),
            Option.of("tag", Form.text("TAG")).shape(Shape.LIST).means("words"),
            Option.of("env", Form.text("NAME=VALUE")).shape(Shape.MAP).means("pairs"));

    @TempDir
    private Path folder = Path.of(".");

    private final List<String> problems = new ArrayList<>();

    @Test
    void each_value_has_its_line_and_column() throws IOException {
        assertThat(read("""
                # a comment
                tag:
                  - one
                  -   two
                env: {A=B: "x;y=z"}
                """))
                .containsExactly(
                        new Setting("tag", "one", folder + "/f.yaml:3:5: tag"),
                        new Setting("tag", "two", folder + "/f.yaml:4:7: tag"),
                        new Setting("env", "A=B", "x;y=z", folder + "/f.yaml:5:12: env: A=B", List.of()));
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({"1_000, 1000", "True, true", "'''1_000''', 1_000", "1.10, 1.10", "010, 010", "yes, yes"})
    void a_value_stays_as_it_is_written(String written, String read) throws IOException {
        assertThat(read("port: " + written + "\n")).extracting(Setting::value).containsExactly(read);
    }

    @Test
    void every_problem_is_said_at_once_in_the_order_of_the_file() throws IOException {
        read("prot: 1\nport: 2\nport: 3\ntag: {a: b}\nenv: [x]\nzzz: 1\n? [k]\n: v\n");

        assertThat(problems)
                .containsExactlyInAnyOrder(
                        folder + "/f.yaml:3:1: port stands twice, the first time in line 2 (expected: each key once)",
                        folder + "/f.yaml:7:3: a list or a mapping as a key (expected: one value)",
                        folder
                                + "/f.yaml:1:1: prot: there is no such setting (expected one of: env, port, tag). Did you"
                                + " mean port?",
                        folder + "/f.yaml:4:6: tag: a mapping or nothing, or a list of such (expected: one value, or a"
                                + " list of them)",
                        folder + "/f.yaml:5:6: env: not a mapping (expected: lines such as NAME: VALUE)",
                        folder + "/f.yaml:6:1: zzz: there is no such setting (expected one of: env, port, tag)");
    }

    @Test
    void an_alias_is_what_its_anchor_names_and_cannot_be_in_itself() throws IOException {
        assertThat(read("tag: &t [a, b]\nenv: {A: &v x, B: *v}\n"))
                .extracting(Setting::value)
                .containsExactly("a", "b", "x", "x");
        assertThat(problems).isEmpty();

        read("tag: &t [a, *t]\n");

        assertThat(problems).anyMatch(each -> each.contains("a value that contains itself"));
    }

    @Test
    void what_is_no_yaml_is_named_with_its_place() throws IOException {
        read("port: 1\nenv: {a: b\n");

        assertThat(problems).singleElement().asString().startsWith(folder + "/f.yaml:3:1: not YAML (");
    }

    private List<Setting> read(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("f.yaml"), text);
        List<Setting> settings = new ArrayList<>();
        if (YamlFile.read(file, problems) instanceof YamlNode.YamlMapping root) {
            new FileSettings(file, problems).read("", root, TABLE, Map.of(), settings);
        }
        return settings;
    }
}
