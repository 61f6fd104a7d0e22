package dev.pointsman.launcher.plan;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A services file as it is written by a program: YAML that {@code run -f} reads as what was meant, whatever the values are. */
public final class ServicesText {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_/][A-Za-z0-9_./@=+-]*");
    /** What YAML takes for no value at all. */
    private static final Set<String> NOTHING = Set.of("null", "Null", "NULL");

    private final StringBuilder text = new StringBuilder();
    private boolean hasServices;

    /** Adds a comment in lines of its own. */
    public ServicesText comment(String words) {
        return comment("", words);
    }

    private ServicesText comment(String indent, String words) {
        words.lines().forEach(line -> text.append(indent)
                .append(line.isEmpty() ? "#" : "# ")
                .append(line)
                .append('\n'));
        return this;
    }

    /** Adds a key beside the services; nothing without a value. */
    public ServicesText key(String key, @Nullable String value) {
        if (value != null) {
            text.append(key).append(": ").append(scalar(value)).append('\n');
        }
        return this;
    }

    /**
     * Adds a service.
     *
     * @param settings by key: text, a collection of text, or a mapping of text
     * @param comments stand above it, a line each
     */
    public ServicesText service(String type, Map<String, ?> settings, List<String> comments) {
        text.append(hasServices ? "\n" : "services:\n");
        hasServices = true;
        comments.forEach(line -> comment("  ", line));
        text.append("  ").append(scalar(type)).append(":\n");
        settings.forEach(this::setting);
        return this;
    }

    private void setting(String key, Object value) {
        text.append("    ").append(scalar(key)).append(':');
        if (value instanceof Map<?, ?> pairs) {
            text.append(pairs.isEmpty() ? " {}\n" : "\n");
            pairs.forEach((name, each) -> text.append("      ")
                    .append(scalar(String.valueOf(name)))
                    .append(": ")
                    .append(scalar(String.valueOf(each)))
                    .append('\n'));
        } else if (value instanceof Collection<?> list) {
            text.append(list.stream()
                    .map(each -> scalar(String.valueOf(each)))
                    .collect(Collectors.joining(", ", " [", "]\n")));
        } else {
            text.append(' ').append(scalar(String.valueOf(value))).append('\n');
        }
    }

    /** A value in one line: as it is where that is safe, else in double quotes, whose escapes are those of JSON. */
    static String scalar(String value) {
        if (PLAIN.matcher(value).matches() && !NOTHING.contains(value)) {
            return value;
        }
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    boolean shown = c >= ' ' && c != 0x7f && !(c >= 0x80 && c < 0xa0) && c != '\u2028' && c != '\u2029';
                    quoted.append(shown ? String.valueOf(c) : String.format("\\u%04x", (int) c));
                }
            }
        }
        return quoted.append('"').toString();
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
