package dev.pointsman.balancer.fabio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pointsman.balancer.fabio.FabioCommand.Add;
import dev.pointsman.balancer.fabio.FabioCommand.Del;
import dev.pointsman.balancer.fabio.FabioCommand.Weight;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FabioDocumentTest {
    @Test
    void every_form_of_the_commands_is_read() throws BadDocumentException {
        assertThat(commands(
                        "route add web /a http://192.0.2.1:80/",
                        "route add web x.com/ http://192.0.2.1/ weight 0.5 tags \"a, b\" opts \"strip=/a flag\"",
                        "route del web",
                        "route del web /a",
                        "route del web /a http://192.0.2.1:80/",
                        "route del web tags \"a,b\"",
                        "route del tags \"a\"",
                        "route weight web /a weight 0.25",
                        "route weight web /a weight 0.25 tags \"v1\"",
                        "route weight /a weight 0.25 tags \"v1\""))
                .containsExactly(
                        new Add("web", "/a", "http://192.0.2.1:80/", 0, List.of(), Map.of()),
                        new Add(
                                "web",
                                "x.com/",
                                "http://192.0.2.1/",
                                0.5,
                                List.of("a", "b"),
                                Map.of("strip", "/a", "flag", "")),
                        new Del("web", "", "", List.of()),
                        new Del("web", "/a", "", List.of()),
                        new Del("web", "/a", "http://192.0.2.1:80/", List.of()),
                        new Del("web", "", "", List.of("a", "b")),
                        new Del("", "", "", List.of("a")),
                        new Weight("web", "/a", 0.25, List.of()),
                        new Weight("web", "/a", 0.25, List.of("v1")),
                        new Weight("", "/a", 0.25, List.of("v1")));
    }

    @Test
    void comments_and_blank_lines_say_nothing_and_any_white_space_is_one_space() throws BadDocumentException {
        assertThat(commands("# a comment", "", "   ", "// another", "  route\t del   web  \r"))
                .containsExactly(new Del("web", "", "", List.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "rout add broken|route add, route del or route weight",
                "route|route add, route del or route weight",
                "route add web /a|DESTINATION",
                "route add web /a http://192.0.2.1/ tags \"a\" weight 1|in this order",
                "route add web /a http://192.0.2.1/ tags a|tags \"a,b\"",
                "route add web /a http://192.0.2.1/ weight much|a number",
                "route add web /a http://192.0.2.1/ weight NaN|a number",
                "route add web /a 192.0.2.1:80|a URL",
                "route add web /a http://192.0.2.1:99999/|a URL",
                "route add web /a http:///x|a URL",
                "route add web /a[ http://192.0.2.1/|] for each [",
                "route add web {a,b/ http://192.0.2.1/|} for each {",
                "route del|route del SERVICE",
                "route del web /a http://192.0.2.1/ more|route del SERVICE",
                "route weight web /a|weight W",
                "route weight /a weight 0.1|weight W",
                "route weight web /a weight x|a number"
            })
    void a_line_that_cannot_be_read_is_named_with_what_was_expected(String line, String expected) {
        BadDocumentException bad = catchThrowableOfType(
                BadDocumentException.class,
                () -> FabioDocument.parse("fabio/config", "# first\n" + line + "\nroute del web\n"));

        assertThat(bad.problems()).singleElement().satisfies(problem -> assertThat(problem)
                .startsWith("fabio/config: line 2: ")
                .contains("(expected: ")
                .contains(expected));
    }

    @Test
    void all_bad_lines_are_named_at_once() {
        BadDocumentException bad = catchThrowableOfType(
                BadDocumentException.class, () -> FabioDocument.parse("fabio/config", "x\nroute del web\ny"));

        assertThat(bad.problems()).hasSize(2);
        assertThat(bad).hasMessageContaining("line 1").hasMessageContaining("line 3");
    }

    @Test
    void a_line_longer_than_fabio_s_scanner_reads_is_read() throws BadDocumentException {
        String tags = "a".repeat(70_000);

        assertThat(commands("route del web tags \"" + tags + "\"", "route del web"))
                .hasSize(2);
    }

    private static List<FabioCommand> commands(String... lines) throws BadDocumentException {
        return FabioDocument.parse("test", String.join("\n", lines)).commands();
    }
}
