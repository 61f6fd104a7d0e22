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

    /** Whether it is nothing: {@code ~}, or no value behind a key. */
    default boolean isNothing() {
        return this instanceof YamlScalar scalar && scalar.isNull();
    }

    /**
     * One value, or nothing.
     *
     * @param text as it is written, without quotes
     */
    record YamlScalar(String text, boolean isNull, int line, int column) implements YamlNode {}

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
