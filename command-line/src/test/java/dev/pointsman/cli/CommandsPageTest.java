package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.cli.run.RealLauncher;
import dev.pointsman.testkit.GeneratedSection;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/**
 * The page of all commands is what {@code --help} prints. Where it fails: {@code mvn -pl command-line -am test
 * -Dtest=CommandsPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dpointsman.docs=write}.
 */
class CommandsPageTest {
    /** As many columns as an 80-column terminal has: whatever the one that the test runs in has. */
    private static final int WIDTH = 80;

    private static String page() {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        CommandLine root =
                Main.commandLine(new PointsmanCommand(Map.of(), new RealLauncher(), nowhere), "", nowhere, nowhere);
        return root.getSubcommands().values().stream()
                .distinct()
                .map(command -> described(command, "## "))
                .collect(Collectors.joining("\n"));
    }

    private static String described(CommandLine command, String heading) {
        command.setUsageHelpWidth(WIDTH);
        List<String> names = List.of(command.getCommandSpec().names().toArray(String[]::new));
        String usage = command.getUsageMessage(Ansi.OFF)
                .lines()
                .map(String::stripTrailing)
                .collect(Collectors.joining("\n"));
        String own = heading + String.join(", ", names) + "\n\n```\n" + usage + "\n```\n";
        String below = command.getSubcommands().values().stream()
                .distinct()
                .filter(sub -> !sub.getCommandName().equals("help"))
                .map(sub -> "\n" + described(sub, "#" + heading + command.getCommandName() + " "))
                .collect(Collectors.joining());
        return own + below;
    }

    @Test
    void the_page_has_the_help_of_every_command() throws IOException {
        assertThat(new GeneratedSection("commands.md", "commands").text(page())).isEqualTo(page());
    }
}
