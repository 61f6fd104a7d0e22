package dev.pointsman.dist;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The completion for zsh, as a function of its own completion system. picocli's is for bash, and works in zsh only where a user
 * sources it.
 */
final class ZshCompletion {
    private ZshCompletion() {}

    static List<String> lines(CommandSpec root) {
        List<String> lines = new ArrayList<>();
        lines.add("#compdef " + root.name());
        lines.add("# Completion of " + root.name() + " for zsh; made of its commands.");
        lines.add("local -a commands=(");
        CommandTexts.below(root)
                .forEach(command -> lines.add("  " + quoted(command.name() + ":" + CommandTexts.summary(command))));
        lines.add(")");
        lines.add("if (( CURRENT == 2 )); then");
        lines.add("  _describe command commands -- \\");
        lines.add("    " + quoted("(--help --version)"));
        lines.add("  return");
        lines.add("fi");
        lines.add("local command=$words[2]");
        lines.add("shift words");
        lines.add("(( CURRENT-- ))");
        lines.add("case $command in");
        for (CommandSpec command : CommandTexts.below(root)) {
            lines.add("  " + String.join("|", CommandTexts.names(command)) + ")");
            lines.add("    _arguments -S \\");
            CommandTexts.options(command).forEach(option -> option(option, lines));
            lines.add("      '*:argument:_files'");
            lines.add("    ;;");
        }
        lines.add("esac");
        return lines;
    }

    private static void option(OptionSpec option, List<String> lines) {
        String meaning = "[" + CommandTexts.summary(option).replaceAll("([\\[\\]\\\\])", "\\\\$1") + "]";
        boolean many = option.isMultiValue();
        for (String name : option.names()) {
            boolean value = CommandTexts.takesValue(option);
            String form = (many ? "*" : "") + name + (value && name.startsWith("--") ? "=" : "") + meaning;
            lines.add("      " + quoted(value ? form + ":" + value(option) : form) + " \\");
        }
    }

    private static String value(OptionSpec option) {
        String label = option.paramLabel().replaceAll("[:\\\\]", "\\\\$0");
        return label + ":" + (CommandTexts.takesFile(option) ? "_files" : "");
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
