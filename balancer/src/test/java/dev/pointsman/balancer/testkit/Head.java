package dev.pointsman.balancer.testkit;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The head of an HTTP/1 message as it was on the wire, or the trailers of one (with an empty start line).
 *
 * @param start the request line or status line
 * @param fields names as they were written, in their order, repetitions included
 */
public record Head(String start, List<Map.Entry<String, String>> fields) {
    public Head {
        fields = List.copyOf(fields);
    }

    public int status() {
        return Integer.parseInt(word(1));
    }

    public String method() {
        return word(0);
    }

    /** The request's target, byte for byte. */
    public String uri() {
        return word(1);
    }

    private String word(int index) {
        return start.split(" ", 3)[index];
    }

    boolean isResponse() {
        return start.startsWith("HTTP/");
    }

    public List<String> all(String name) {
        return fields.stream()
                .filter(field -> field.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    public boolean has(String name) {
        return !all(name).isEmpty();
    }

    /** The field's only value, or null if it is not there; fails if it stands there more than once. */
    public @Nullable String one(String name) {
        List<String> values = all(name);
        if (values.size() > 1) {
            throw new AssertionError(name + " stands there more than once: " + values);
        }
        return values.isEmpty() ? null : values.get(0);
    }

    boolean isChunked() {
        return "chunked".equalsIgnoreCase(Objects.requireNonNullElse(one("transfer-encoding"), ""));
    }
}
