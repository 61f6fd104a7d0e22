package dev.pointsman.system.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConsolePageTest {
    private static ConsolePage page(String text) {
        return ConsolePage.parse("a.md", text.lines().toList());
    }

    @Test
    void acts_are_named_by_their_headings_and_begin_afresh() {
        ConsolePage page = page("""
                # One
                ```console
                $ a
                ```
                ## Two
                <!-- console: afresh needs=nginx,node -->
                ```console
                $ b
                ```
                ```yaml
                not: run
                ```
                <!-- console: file=x.yaml -->
                ```yaml
                a: b
                ```
                """);

        assertThat(page.acts()).extracting(ConsoleAct::name).containsExactly("a.md: One", "a.md: Two");
        ConsoleAct second = page.acts().get(1);
        assertThat(second.needs()).containsExactly("nginx", "node");
        assertThat(second.blocks()).hasSize(2);
        assertThat(second.blocks().get(1).content()).isEqualTo("a: b\n");
        assertThat(second.blocks().get(1).place()).isEqualTo("a.md:14");
    }

    @Test
    void what_is_not_run_is_told_with_its_place_and_needs_a_reason() {
        String block = "```console\n$ a\n```\n";

        assertThat(page("<!-- console: not-run=\"needs Docker\" -->\n" + block).notRun())
                .containsExactly("a.md:2: needs Docker");
        assertThatThrownBy(() -> page("<!-- console: not-run -->\n" + block))
                .hasMessageContaining("a.md:2")
                .hasMessageContaining("REASON");
    }

    @Test
    void a_directive_that_means_nothing_is_refused() {
        for (String wrong : List.of("terminl=2", "terminal=2 ,", "terminal=\"2", "")) {
            assertThatThrownBy(() -> page("<!-- console: " + wrong + " -->"))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected");
        }
    }

    @Test
    void a_command_goes_on_behind_a_backslash_and_within_quotes() {
        List<ConsoleCommand> commands = ConsoleCommand.parse(List.of(
                "$ a \\", "    b  # it's a comment", "out", "$ c '{\"d\":", "  1}'", "$ e  # don't", "two", "lines"));

        assertThat(commands)
                .containsExactly(
                        new ConsoleCommand("a \\\n    b  # it's a comment", List.of("out")),
                        new ConsoleCommand("c '{\"d\":\n  1}'", List.of()),
                        new ConsoleCommand("e  # don't", List.of("two", "lines")));
    }

    @Test
    void only_what_changes_nothing_is_asked_again() {
        for (String question :
                List.of("curl localhost:8080/", "./pointsman list", "./pointsman status  # is it ready")) {
            assertThat(new ConsoleCommand(question, List.of()).isQuestion())
                    .as(question)
                    .isTrue();
        }
        for (String command : List.of(
                "curl -X PUT localhost:8500/x", "curl localhost -d x", "./pointsman reload x", "kill -9 4711")) {
            assertThat(new ConsoleCommand(command, List.of()).isQuestion())
                    .as(command)
                    .isFalse();
        }
    }
}
