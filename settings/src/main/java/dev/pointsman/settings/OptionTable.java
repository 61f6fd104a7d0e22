package dev.pointsman.settings;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The settings that may stand in one place, in the order in which they are documented. Immutable, thread-safe.
 *
 * @param options the rows
 */
public record OptionTable(List<Option<?>> options) {
    /** The first line of a Markdown table of settings. */
    private static final String HEAD = "| setting | form | default | meaning |\n|---|---|---|---|\n";

    private static final String HEAD_WITH_FLAGS =
            "| option | key | form | default | meaning |\n|---|---|---|---|---|\n";

    public OptionTable {
        options = List.copyOf(options);
    }

    public static OptionTable of(Option<?>... options) {
        return new OptionTable(List.of(options));
    }

    /** A table of these rows and, behind them, those of another table. */
    public OptionTable and(OptionTable other) {
        return new OptionTable(
                Stream.concat(options.stream(), other.options.stream()).toList());
    }

    /** The rows that may stand in a scope, those for both included. */
    public OptionTable in(Option.SettingScope scope) {
        return new OptionTable(options.stream()
                .filter(option -> option.scope() == scope || option.scope() == Option.SettingScope.BOTH)
                .toList());
    }

    /** The rows that have a flag. */
    public OptionTable flags() {
        return new OptionTable(options.stream().filter(Option::isFlag).toList());
    }

    public Optional<Option<?>> byKey(String key) {
        return first(option -> option.key().equals(key));
    }

    public Optional<Option<?>> byFileKey(String key) {
        return first(option -> option.isInFile() && option.fileKey().equals(key));
    }

    private Optional<Option<?>> first(Predicate<Option<?>> wanted) {
        for (Option<?> option : options) {
            if (wanted.test(option)) {
                return Optional.of(option);
            }
        }
        return Optional.empty();
    }

    /** The end of a sentence about an unknown key: all known keys, and the nearest as a hint. */
    public String noSuchKey(String key) {
        return noSuchKey(key, names(Option::key));
    }

    /** As {@link #noSuchKey}, for a file. */
    public String noSuchFileKey(String key) {
        return noSuchKey(key, names(Option::fileKey));
    }

    private List<String> names(Function<Option<?>, String> name) {
        return options.stream().map(name).filter(text -> !text.isEmpty()).toList();
    }

    private static String noSuchKey(String key, Collection<String> known) {
        List<String> sorted = new ArrayList<>(new TreeSet<>(known));
        return "there is no such setting (expected one of: " + String.join(", ", sorted) + ")"
                + NearestName.hint(key, sorted);
    }

    /** The table in Markdown, for settings whose flag and key are the same. */
    public String markdown() {
        StringBuilder page = new StringBuilder(HEAD);
        for (Option<?> option : options) {
            page.append("| `").append(option.key()).append("` | ").append(described(option));
            // Where the parts have names of their own, each has its line.
            option.parts().forEach(part -> page.append("| `")
                    .append(option.key())
                    .append(": ")
                    .append(part.key())
                    .append("` | ")
                    .append(described(part)));
        }
        return page.toString();
    }

    /** The table in Markdown, with flags and keys apart. */
    public String markdownWithFlags() {
        StringBuilder page = new StringBuilder(HEAD_WITH_FLAGS);
        for (Option<?> option : options) {
            String flag = option.isFlag() ? option.flag() : "-- " + option.label();
            page.append("| `")
                    .append(flag)
                    .append("` | ")
                    .append(option.isInFile() ? "`" + option.fileKey() + "`" + inFile(option) : "")
                    .append(" | ")
                    .append(described(option));
        }
        return page.toString();
    }

    private static String inFile(Option<?> option) {
        return switch (option.shape()) {
            case LIST -> " (list)";
            case MAP, NESTED -> " (mapping)";
            case PARTS -> " (value or mapping)";
            case GROUPS -> " (list)";
            default -> "";
        };
    }

    private static String described(Option<?> option) {
        boolean plain = option.byDefault() != null && !option.defaultText().equals("none");
        String form = option.form().range();
        String more = (option.caveat().isEmpty() ? "" : ". " + option.caveat())
                + (option.example().isEmpty() ? "" : ". Example: `" + option.example() + "`");
        return form.replace("|", "\\|") + " | " + (plain ? "`" + option.defaultText() + "`" : option.defaultText())
                + " | " + option.meaning().replace("|", "\\|") + more + " |\n";
    }
}
