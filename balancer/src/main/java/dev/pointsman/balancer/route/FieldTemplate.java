package dev.pointsman.balancer.route;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The value of a header field, with variables. Immutable, thread-safe.
 *
 * @param text as it was written
 * @param parts in their order
 */
public record FieldTemplate(String text, List<TemplatePart> parts) {
    /** The form of a value, in words. */
    public static final String EXPECTED = "a value without control characters, with "
            + Arrays.stream(FieldVariable.values()).map(FieldVariable::word).collect(Collectors.joining(", "))
            + " where they are to be filled in, and $$ for a dollar";

    /** A part of a value: a variable, or text where that is null. */
    public record TemplatePart(String literal, @Nullable FieldVariable variable) {}

    /** What is known of a request, by the words that stand for it. */
    public enum FieldVariable {
        /** X-Request-Id as the instance gets it. */
        REQUEST_ID("$request-id"),
        /** The client's address, behind trusted proxies the one that they name. */
        CLIENT_ADDRESS("$client-address"),
        /** The address at the other end of the connection. */
        PEER_ADDRESS("$peer-address"),
        /** The route, by host and path. */
        ROUTE("$route"),
        /** The requested host, with its port. */
        HOST("$host"),
        METHOD("$method"),
        /** The path as it was sent, without the query. */
        PATH("$path"),
        /** The query as it was sent, without its question mark. */
        QUERY("$query"),
        /** http or https, as the client came to us or to a trusted proxy before us. */
        SCHEME("$scheme"),
        /** Address and port of the instance; empty in a response that none gave. */
        INSTANCE("$instance");

        private final String word;

        FieldVariable(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    public FieldTemplate {
        parts = List.copyOf(parts);
    }

    /** Reads a value; null if a variable in it is none, or a character in it may not be in a field. */
    public static @Nullable FieldTemplate parse(String text) {
        if (text.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f || c > 0xff)) {
            return null;
        }
        List<TemplatePart> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            if (text.charAt(i) != '$') {
                literal.append(text.charAt(i++));
            } else if (text.startsWith("$$", i)) {
                literal.append('$');
                i += 2;
            } else {
                FieldVariable variable = at(text, i);
                if (variable == null) {
                    return null;
                }
                if (literal.length() > 0) {
                    parts.add(new TemplatePart(literal.toString(), null));
                    literal.setLength(0);
                }
                parts.add(new TemplatePart("", variable));
                i += variable.word.length();
            }
        }
        if (literal.length() > 0 || parts.isEmpty()) {
            parts.add(new TemplatePart(literal.toString(), null));
        }
        return new FieldTemplate(text, parts);
    }

    private static @Nullable FieldVariable at(String text, int start) {
        for (FieldVariable variable : FieldVariable.values()) {
            int end = start + variable.word.length();
            boolean ends = end >= text.length() || !isOfWord(text.charAt(end));
            if (ends && text.startsWith(variable.word, start)) {
                return variable;
            }
        }
        return null;
    }

    private static boolean isOfWord(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }

    /** The value for one request. What cannot be in a field, of a path or a host, was refused when the request came. */
    public String fill(Function<FieldVariable, String> values) {
        if (parts.size() == 1) {
            return value(parts.get(0), values);
        }
        StringBuilder filled = new StringBuilder();
        parts.forEach(part -> filled.append(value(part, values)));
        return filled.toString();
    }

    private static String value(TemplatePart part, Function<FieldVariable, String> values) {
        return part.variable == null ? part.literal : values.apply(part.variable);
    }
}
