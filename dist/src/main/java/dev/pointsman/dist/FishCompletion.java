package dev.pointsman.dist;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The completion for fish: commands, and the options of each, with what they mean. */
final class FishCompletion {
    private FishCompletion() {}

    static List<String> lines(CommandSpec root) {
        List<String> lines = new ArrayList<>();
        String program = root.name();
        lines.add("# Completion of " + program + " for fish; made of its commands.");
        for (CommandSpec command : CommandTexts.below(root)) {
            lines.add("complete -c " + program + " -f -n __fish_use_subcommand -a " + command.name() + " -d "
                    + quoted(CommandTexts.summary(command)));
        }
        CommandTexts.options(root)
                .forEach(option -> lines.add("complete -c " + program + " -n __fish_use_subcommand" + option(option)));
        for (CommandSpec command : CommandTexts.below(root)) {
            String within = "'__fish_seen_subcommand_from " + String.join(" ", CommandTexts.names(command)) + "'";
            CommandTexts.options(command)
                    .forEach(option -> lines.add("complete -c " + program + " -n " + within + option(option)));
        }
        return lines;
    }

    private static String option(OptionSpec option) {
        StringBuilder line = new StringBuilder();
        for (String name : option.names()) {
            line.append(name.startsWith("--") ? " -l " : " -s ").append(name.replaceFirst("^--?", ""));
        }
        if (CommandTexts.takesValue(option)) {
            // What only is a file is completed as one.
            line.append(CommandTexts.takesFile(option) ? " -rF" : " -x");
        }
        return line.append(" -d ").append(quoted(CommandTexts.summary(option))).toString();
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
