package dev.pointsman.balancer.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;

/** Header fields that are lists of words (RFC 9110, 5.6.1). */
public final class FieldLists {
    private FieldLists() {}

    /** The words of all lines of a field, parameters included, in their order. */
    public static List<String> words(HttpHeaders fields, CharSequence name) {
        List<String> words = new ArrayList<>();
        for (String line : fields.getAll(name)) {
            for (String word : line.split(",", -1)) {
                if (!word.isBlank()) {
                    words.add(word.strip());
                }
            }
        }
        return words;
    }

    /** Whether a field has this word, in any case. */
    public static boolean has(HttpHeaders fields, CharSequence name, String word) {
        return fields.contains(name) && words(fields, name).stream().anyMatch(word::equalsIgnoreCase);
    }

    /** Adds a word to a field, unless it, or {@code *}, is there. */
    public static void addToList(HttpHeaders fields, CharSequence name, String word) {
        List<String> there = words(fields, name);
        if (there.stream().noneMatch(each -> each.equalsIgnoreCase(word) || each.equals("*"))) {
            there.add(word);
            fields.set(name, String.join(", ", there));
        }
    }
}
