package dev.pointsman.dist;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The words of a command as plain text: without picocli's markup, and the same in every locale and terminal. */
final class CommandTexts {
    private CommandTexts() {}

    /** The commands below one, each once though it has other names too. */
    static List<CommandSpec> below(CommandSpec command) {
        List<CommandSpec> below = new ArrayList<>();
        for (CommandLine each : new LinkedHashSet<>(command.subcommands().values())) {
            below.add(each.getCommandSpec());
        }
        return below;
    }

    /** All names of a command, its own first. */
    static List<String> names(CommandSpec command) {
        List<String> names = new ArrayList<>(List.of(command.name()));
        names.addAll(Arrays.asList(command.aliases()));
        return names;
    }

    static String description(CommandSpec command) {
        return text(command.usageMessage().description());
    }

    /** The description up to its first full stop or semicolon, for a list of commands. */
    static String summary(CommandSpec command) {
        return firstSentence(description(command));
    }

    static String description(ArgSpec argument) {
        return text(argument.description());
    }

    /** What a shell has room for. */
    static String summary(ArgSpec argument) {
        return firstSentence(description(argument));
    }

    /** Lines below the usage, each as it is. */
    static List<String> footer(CommandSpec command) {
        return Arrays.stream(command.usageMessage().footer())
                .map(CommandTexts::plain)
                .flatMap(String::lines)
                .toList();
    }

    static String synopsis(CommandSpec command) {
        return String.join(
                        " ", plain(command.commandLine().getHelp().synopsis(0)).split("\\s+"))
                .strip();
    }

    /** The options that are shown, in the order of the usage. */
    static List<OptionSpec> options(CommandSpec command) {
        return command.options().stream().filter(option -> !option.hidden()).toList();
    }

    static boolean takesValue(OptionSpec option) {
        return option.arity().max() > 0;
    }

    /** Whether the value is the name of a file or folder and nothing else, so that a shell can complete it. */
    static boolean takesFile(OptionSpec option) {
        return option.paramLabel().matches("FILE|DIR|FILES|FILE\\|-");
    }

    private static String text(String... lines) {
        return String.join(" ", plain(String.join(" ", lines)).split("\\s+")).strip();
    }

    private static String firstSentence(String text) {
        return text.split("(?<=\\S)[.;:] | \\(", 2)[0].replaceFirst("[.]$", "");
    }

    private static String plain(String markup) {
        return Ansi.OFF.string(markup.replace("%n", "\n").replace("%%", "%"));
    }
}
