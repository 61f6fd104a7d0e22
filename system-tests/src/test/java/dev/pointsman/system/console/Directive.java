package dev.pointsman.system.console;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a comment before a block says about running it: {@code <!-- console: terminal=2 until="is ready" -->}. Readers do not
 * see it. Immutable.
 */
record Directive(Map<String, String> values) {
    /** The keys that there are; CONTRIBUTING.md says what each means. */
    static final List<String> KEYS = List.of(
            "afresh",
            "ctrl-c",
            "each-terminal",
            "exit",
            "file",
            "kill",
            "machine",
            "needs",
            "not-run",
            "setup",
            "terminal",
            "until");

    static final Directive NONE = new Directive(Map.of());

    private static final Pattern COMMENT = Pattern.compile("<!-- console: (.*) -->");
    private static final Pattern ENTRY = Pattern.compile("\\s*([a-z-]+)(?:=(?:\"([^\"]*)\"|([^\\s\"]+)))?(?=\\s|$)");

    Directive {
        values = Map.copyOf(values);
    }

    /**
     * Reads a line of a page.
     *
     * @return empty if the line is no such comment
     * @throws IllegalArgumentException if it is one, with something in it that has no meaning
     */
    static Optional<Directive> parse(String line) {
        if (!line.startsWith("<!-- console:")) {
            return Optional.empty();
        }
        Matcher comment = COMMENT.matcher(line.strip());
        if (!comment.matches()) {
            throw new IllegalArgumentException(line + " (expected: <!-- console: KEY=VALUE ... --> on one line)");
        }
        Map<String, String> values = new LinkedHashMap<>();
        Matcher entry = ENTRY.matcher(comment.group(1));
        int end = 0;
        while (end < comment.group(1).length() && entry.find(end) && entry.start() == end) {
            if (!KEYS.contains(entry.group(1))) {
                throw new IllegalArgumentException(
                        line + ": " + entry.group(1) + " (expected one of: " + String.join(", ", KEYS) + ")");
            }
            String value = entry.group(2) != null ? entry.group(2) : entry.group(3);
            values.put(entry.group(1), value == null ? "" : value);
            end = entry.end();
        }
        if (values.isEmpty() || end < comment.group(1).length()) {
            throw new IllegalArgumentException(line + " (expected: KEY, KEY=VALUE or KEY=\"VALUE\", between blanks)");
        }
        return Optional.of(new Directive(values));
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    Optional<String> get(String key) {
        return Optional.ofNullable(values.get(key));
    }

    /** Which terminal the block is typed into. */
    String terminal() {
        return get("terminal").orElse("1");
    }
}
