package dev.pointsman.settings;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** The words for text that is no YAML: those of the parser, with what was expected where it does not say so. */
final class YamlErrors {
    /** By a part of the parser's words; the rest of them say themselves what was expected. */
    private static final Map<String, String> EXPECTED = Map.of(
            "mapping values are not allowed",
                    "one key and one value in a line, quotes around a value with a colon in it",
            "cannot start any token", "blanks, no tabs, and quotes around a value that begins with this character",
            "unknown escape character", "an escape sequence of YAML, or single quotes, which have none",
            "unexpected end of stream", "the quote or bracket that closes it");

    private static final String OTHERWISE =
            "lines such as key: value, those that belong together indented alike by" + " blanks";

    private YamlErrors() {}

    static String sentence(YAMLException bad) {
        String words = bad instanceof MarkedYAMLException marked
                ? Stream.of(marked.getContext(), marked.getProblem())
                        .filter(text -> text != null && !text.isBlank())
                        .collect(Collectors.joining(", "))
                : Objects.requireNonNullElse(bad.getMessage(), "unreadable")
                        .lines()
                        .findFirst()
                        .orElse("unreadable");
        String text = words.toLowerCase(Locale.ROOT);
        return EXPECTED.entrySet().stream()
                .filter(each -> text.contains(each.getKey()))
                .map(each -> words + "; expected: " + each.getValue())
                .findFirst()
                .orElseGet(() -> text.matches(".*\\bexpected\\b.*") ? words : words + "; expected: " + OTHERWISE);
    }
}
