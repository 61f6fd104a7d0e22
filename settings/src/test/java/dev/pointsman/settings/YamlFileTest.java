package dev.pointsman.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.pointsman.settings.Option.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    void a_key_without_a_value_has_the_empty_text() throws IOException {
        assertThat(read("port:\nenv:\n  DEBUG:\ntag:  # none yet\n"))
                .extracting(Setting::key, Setting::name, Setting::value)
                .containsExactly(tuple("port", null, ""), tuple("env", "DEBUG", ""), tuple("tag", null, ""));
        assertThat(problems).isEmpty();

        assertThat(read("port: ~\nenv: {DEBUG: null}\n")).isEmpty();
        assertThat(problems).hasSize(2).allMatch(each -> each.contains("nothing (expected: one value)"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# no more\n", "---\n", "~\n"})
    void a_file_of_nothing_is_not_wrong(String text) throws IOException {
        assertThat(read(text)).isEmpty();
        assertThat(problems).isEmpty();
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

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "port: 08 | a number without zeros before it",
                "port: 010 | a number without zeros before it",
                "port: 1e0 | ",
                "port: 0x1 | ",
                "port: !!int 1 | ",
                "port: !env X | a value without a type",
                "port: !!binary MQ== | a value without a type",
                "<<: {port: 1} | the keys themselves",
                "tag: *nothing | the name of an anchor further above",
                "port: 1: 2 | one key and one value in a line",
                "tag: 'a | the quote or bracket that closes it",
                "tag: \"\\y\" | an escape sequence of YAML",
                "tag: @a | quotes around a value",
            })
    void what_readers_of_yaml_disagree_on_is_refused_or_stays_text(String text, String expected) throws IOException {
        List<Setting> read = read(text + "\n");

        if (expected == null) {
            assertThat(problems).isEmpty();
            assertThat(read).extracting(Setting::key).containsExactly("port");
        } else {
            assertThat(problems)
                    .singleElement()
                    .asString()
                    .startsWith(folder + "/f.yaml:")
                    .contains("expected: ", expected);
        }
    }

    @Test
    void bytes_and_characters_that_are_no_text_are_named_with_their_line() throws IOException {
        assertThat(YamlFile.read(Path.of("f"), new byte[] {'a', ':', '\n', (byte) 0xe4, 'x'}, problems))
                .isNull();
        assertThat(YamlFile.read(Path.of("g"), "a: b\n\nc: \u0007\n".getBytes(StandardCharsets.UTF_8), problems))
                .isNull();
        assertThat(problems)
                .containsExactly(
                        "f:2:1: not YAML (bytes that are no UTF-8; expected: a file in UTF-8)",
                        "g:3:1: not YAML (a control character, number 7; expected: text without one)");
    }

    @Test
    void a_file_may_begin_with_a_byte_order_mark() {
        assertThat(YamlFile.read(Path.of("f"), "\ufeffa: 1\n".getBytes(StandardCharsets.UTF_8), problems))
                .isNotNull();
        assertThat(problems).isEmpty();
    }

    @Test
    void a_value_of_many_aliases_does_not_grow() {
        StringBuilder text = new StringBuilder("a0: &a0 [x]\n");
        for (int i = 1; i < 40; i++) {
            text.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        YamlNode root = YamlFile.read(Path.of("f"), text.toString().getBytes(StandardCharsets.UTF_8), problems);
        if (root != null) {
            assertThat(new Variables("f", Map.of(), problems).in(root)).isNotNull();
        }
        assertThat(problems).hasSizeLessThan(2);
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
