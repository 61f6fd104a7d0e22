package dev.pointsman.settings;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node of a YAML file, with the line and the column where it begins, both from 1. Immutable, thread-safe. */
public sealed interface YamlNode {
    int line();

    int column();

    /** Whether it is one value: neither a list, nor a mapping, nor nothing. */
    default boolean isOneValue() {
        return this instanceof YamlScalar scalar && !scalar.isNull();
    }

    /**
     * One value, or nothing.
     *
     * @param text as it is written, without quotes; empty where there is no value behind a key
     * @param isNull whether nothing is written: {@code ~} or {@code null}
     * @param written the text before variables were put in; the same text where there were none
     */
    record YamlScalar(String text, boolean isNull, int line, int column, String written) implements YamlNode {
        /** A value without variables. */
        public YamlScalar(String text, boolean isNull, int line, int column) {
            this(text, isNull, line, column, text);
        }

        /** A value as it is shown that was made of the text: what was written instead where variables were put in. */
        public String shownAs(String value) {
            return written.equals(text) ? value : written;
        }
    }

    /** A list. */
    record YamlList(List<YamlNode> items, int line, int column) implements YamlNode {
        public YamlList {
            items = List.copyOf(items);
        }
    }

    /** Keys and values in the order of the file, each key once. */
    record YamlMapping(List<YamlEntry> entries, int line, int column) implements YamlNode {
        public YamlMapping {
            entries = List.copyOf(entries);
        }

        /** The value of a key, or null if it is not there. */
        public @Nullable YamlNode get(String key) {
            return entries.stream()
                    .filter(entry -> entry.key().text().equals(key))
                    .map(YamlEntry::value)
                    .findFirst()
                    .orElse(null);
        }
    }

    /** A key and its value. */
    record YamlEntry(YamlScalar key, YamlNode value) {}
}
