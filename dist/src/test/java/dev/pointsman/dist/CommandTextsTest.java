package dev.pointsman.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.cli.Main;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completions and pages, of the commands that there are. */
class CommandTextsTest {
    private final CommandSpec root = Main.commands().getCommandSpec();

    @Test
    void fish_and_zsh_know_every_command_and_every_option() {
        String fish = String.join("\n", FishCompletion.lines(root));
        String zsh = String.join("\n", ZshCompletion.lines(root));

        assertThat(CommandTexts.below(root)).isNotEmpty().allSatisfy(command -> {
            assertThat(fish).contains(" -a " + command.name() + " -d '");
            assertThat(zsh).contains("'" + command.name() + ":");
            for (OptionSpec option : CommandTexts.options(command)) {
                String name = option.longestName();
                assertThat(fish)
                        .contains((name.startsWith("--") ? " -l " : " -s ") + name.replaceFirst("^--?", "") + " ");
                assertThat(zsh).containsPattern("'\\*?" + name + "=?\\[");
            }
        });
    }

    @Test
    void what_means_something_to_a_shell_is_quoted() {
        assertThat(FishCompletion.lines(root)).allSatisfy(line -> assertThat(line.replace("\\\\", "")
                        .replace("\\'", "")
                        .chars()
                        .filter(c -> c == '\'')
                        .count())
                .as(line)
                .isEven());
    }

    @Test
    void a_page_of_the_manual_has_every_option_with_its_meaning() {
        CommandSpec balancer = CommandTexts.below(root).stream()
                .filter(command -> command.name().equals("balancer"))
                .findFirst()
                .orElseThrow();
        String page = String.join("\n", new ManualPage(balancer, "1.2.3", "2026-01-02").lines());

        assertThat(page)
                .startsWith(".TH POINTSMAN\\-BALANCER 1 \"2026\\-01\\-02\" \"pointsman 1.2.3\"")
                .contains("\n.SH SYNOPSIS\npointsman balancer ")
                .contains(".TP\n\\fB\\-\\-port\\fR=\\fIN\\fR\nwhere clients are served; 0 takes any free port")
                .doesNotContain("@|", "%n", "%%");
    }

    @Test
    void no_text_is_taken_for_a_request_of_roff() {
        assertThat(ManualPage.escaped("1ms,5ms, 1s")).isEqualTo("1ms,\\:5ms, 1s");
        assertThat(ManualPage.escaped(".x\n'y\na\\b-c")).isEqualTo("\\&.x\n\\&'y\na\\eb\\-c");
    }

    @Test
    void every_command_says_in_a_line_what_it_is_for() {
        List<CommandSpec> commands = CommandTexts.below(root);

        assertThat(commands).allSatisfy(command -> assertThat(CommandTexts.summary(command))
                .as(command.name())
                .isNotBlank()
                .doesNotContain("\n"));
    }
}
