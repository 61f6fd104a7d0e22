package dev.pointsman.dist;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A page of the manual for one command, in roff, by the macros of man(7). */
record ManualPage(CommandSpec command, String version, String date) {
    /** Such as pointsman-balancer. */
    String name() {
        return command.qualifiedName("-");
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(".TH " + name().toUpperCase(Locale.ROOT).replace("-", "\\-") + " 1 " + quoted(date) + " "
                + quoted("pointsman " + version) + " " + quoted("Pointsman's manual"));
        // Else a page that is read on a narrow terminal has words torn apart.
        lines.add(".nh");
        lines.add(".ad l");
        lines.add(".SH NAME");
        lines.add(escaped(name() + " - ") + escaped(lowerFirst(CommandTexts.summary(command))));
        lines.add(".SH SYNOPSIS");
        lines.add(escaped(CommandTexts.synopsis(command)));
        lines.add(".SH DESCRIPTION");
        lines.add(escaped(CommandTexts.description(command)));
        section(lines, "OPTIONS", CommandTexts.options(command).stream().map(ManualPage::option));
        section(
                lines,
                "ARGUMENTS",
                command.positionalParameters().stream()
                        .filter(each -> !each.hidden())
                        .map(each -> item(each.paramLabel(), CommandTexts.description(each))));
        section(
                lines,
                "COMMANDS",
                CommandTexts.below(command).stream()
                        .map(each ->
                                item(String.join(", ", CommandTexts.names(each)), CommandTexts.description(each))));
        notes(lines);
        lines.add(".SH EXIT STATUS");
        lines.add("0: fine. 1: failed. 2: wrong usage or settings.");
        lines.add(".SH SEE ALSO");
        lines.add(seeAlso());
        return lines;
    }

    private static void section(List<String> lines, String title, Stream<String> items) {
        List<String> all = items.toList();
        if (!all.isEmpty()) {
            lines.add(".SH " + title);
            lines.addAll(all);
        }
    }

    private static String option(OptionSpec option) {
        String value = CommandTexts.takesValue(option) ? "\\fR=\\fI" + escaped(option.paramLabel()) : "";
        return ".TP\n\\fB" + escaped(String.join(", ", option.names())) + value + "\\fR\n" + escaped(described(option));
    }

    private static String described(ArgSpec argument) {
        String description = CommandTexts.description(argument);
        return description.isEmpty() ? argument.paramLabel() : description;
    }

    private static String item(String term, String description) {
        return ".TP\n\\fB" + escaped(term) + "\\fR\n" + escaped(description);
    }

    /** What stands below the usage is laid out by hand, so it stays as it is. */
    private void notes(List<String> lines) {
        List<String> footer = CommandTexts.footer(command);
        if (footer.stream().allMatch(String::isBlank)) {
            return;
        }
        lines.add(".SH NOTES");
        lines.add(".nf");
        footer.stream().dropWhile(String::isBlank).map(ManualPage::escaped).forEach(lines::add);
        lines.add(".fi");
    }

    private String seeAlso() {
        CommandSpec above = command.parent();
        Stream<String> pages = above == null
                ? CommandTexts.below(command).stream().map(each -> each.qualifiedName("-"))
                : Stream.of(above.qualifiedName("-"));
        return pages.map(page -> "\\fB" + escaped(page) + "\\fR(1)").collect(Collectors.joining(",\n"));
    }

    private static String lowerFirst(String text) {
        return text.isEmpty() ? text : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\e").replace("\"", "\\(dq").replace("-", "\\-") + "\"";
    }

    /**
     * Text as roff prints it: no line is a request, a hyphen that is typed is the one of the keyboard, and a list without blanks may
     * go on in the next line.
     */
    static String escaped(String text) {
        return Arrays.stream(text.split("\n", -1))
                .map(line -> line.replace("\\", "\\e").replace("-", "\\-").replaceFirst("^([.'])", "\\\\&$1"))
                .map(line -> line.replaceAll(",(?=\\S)", ",\\\\:"))
                .collect(Collectors.joining("\n"));
    }
}
