package dev.pointsman.settings;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The declaration of one setting: one row of a table, from which its flag, its key in files, its help text and its line in
 * the documentation are made. Immutable, thread-safe.
 *
 * @param key the flag without its dashes, and the key in files unless {@code fileKey} is another
 * @param fileKey the key in files; empty for a setting that files do not have
 * @param form how a value is written and read; of a list or a mapping, each of its values
 * @param shape how many values there are
 * @param label what stands for the value in help texts
 * @param byDefault the value that counts where none is given, or null where that is no plain value
 * @param defaultText the default as it would be written, or in words
 * @param meaning one sentence, in plain text
 * @param caveat what else there is to know, in Markdown, for the documentation alone; may be empty
 * @param example a value; may be empty
 * @param scope where it may stand
 * @param isFlag whether there is a flag for it
 * @param reloadable whether a reload of the file may change it while the program runs
 * @param secret whether its value is left out of everything that is printed
 * @param parts of {@link Shape#PARTS} and {@link Shape#GROUPS}, the rows of its parts; that of its value when it is written as
 *     one comes first, where there is such a one: it has the form of this row
 */
public record Option<T>(
        String key,
        String fileKey,
        Form<T> form,
        Shape shape,
        String label,
        @Nullable T byDefault,
        String defaultText,
        String meaning,
        String caveat,
        String example,
        SettingScope scope,
        boolean isFlag,
        boolean reloadable,
        boolean secret,
        List<Option<?>> parts) {
    public Option {
        parts = List.copyOf(parts);
    }

    /** The number of values of a setting. */
    public enum Shape {
        /** One value; the last that is given counts. */
        ONE,
        /** True or false, by a flag that takes no value. */
        SWITCH,
        /** Any number: a flag that may be repeated, one value or a list in a file. */
        LIST,
        /** Any number with a name each: {@code NAME=VALUE} as a flag that may be repeated, a mapping in a file. */
        MAP,
        /** Any number with a name each, whose values have settings of their own in a file. */
        NESTED,
        /**
         * One value that may have parts: in a file one value, a list of them where its form is a list, or a mapping of its
         * parts; in text its value and then its parts, separated by semicolons.
         */
        PARTS,
        /** Any number of values that may have parts: in a file one value or mapping, or a list of these. */
        GROUPS
    }

    /** The places in which a setting may stand. */
    public enum SettingScope {
        /** Only in the program's own settings. */
        PROGRAM,
        /** Only in the settings of each of its parts: of a route, of a type of instances. */
        PART,
        /** In both; a part's own value counts more. */
        BOTH
    }

    /** A row that is not complete yet; the defaults are: one value, by flag and file, for the program, no reload. */
    public static <T> OptionBuilder<T> of(String key, Form<T> form) {
        return new OptionBuilder<>(key, form);
    }

    /**
     * The default.
     *
     * @throws IllegalStateException if it is no plain value
     */
    public T defaultValue() {
        if (byDefault == null) {
            throw new IllegalStateException(key + " has no value as its default");
        }
        return byDefault;
    }

    /** The parts, as a table. */
    public OptionTable partTable() {
        return new OptionTable(parts);
    }

    /** The part that a value without a name stands for; null if all parts have to be named. */
    public @Nullable Option<?> mainPart() {
        if (shape == Shape.GROUPS) {
            return parts.get(0);
        }
        return parts.isEmpty() || !parts.get(0).form().equals(form) ? null : parts.get(0);
    }

    /** The flag as it is written. */
    public String flag() {
        return "--" + key;
    }

    public boolean isInFile() {
        return !fileKey.isEmpty();
    }

    /** Whether all values count that were given, and not the last alone. */
    public boolean isMany() {
        return shape == Shape.LIST || shape == Shape.MAP || shape == Shape.NESTED || shape == Shape.GROUPS;
    }

    /** A builder of one row. Not thread-safe. */
    public static final class OptionBuilder<T> {
        private final String key;
        private final Form<T> form;
        private String fileKey;
        private String label;
        private Shape shape = Shape.ONE;
        private @Nullable T byDefault;
        private String defaultText = "none";
        private String meaning = "";
        private String caveat = "";
        private String example = "";
        private SettingScope scope = SettingScope.PROGRAM;
        private boolean isFlag = true;
        private boolean reloadable;
        private boolean secret;
        private List<Option<?>> parts = List.of();

        private OptionBuilder(String key, Form<T> form) {
            this.key = key;
            this.fileKey = key;
            this.form = form;
            this.label = form.label();
        }

        /** Sets the default, shown as it would be written. */
        public OptionBuilder<T> byDefault(T value) {
            return byDefault(value, form.write().apply(value));
        }

        /** Sets the default, with words for it. */
        public OptionBuilder<T> byDefault(T value, String words) {
            byDefault = value;
            defaultText = words;
            return this;
        }

        /** The words for what counts where no value is given. */
        public OptionBuilder<T> otherwise(String words) {
            defaultText = words;
            return this;
        }

        public OptionBuilder<T> shape(Shape many) {
            shape = many;
            return this;
        }

        public OptionBuilder<T> label(String text) {
            label = text;
            return this;
        }

        public OptionBuilder<T> fileKey(String text) {
            fileKey = text;
            return this;
        }

        public OptionBuilder<T> caveat(String markdown) {
            caveat = markdown;
            return this;
        }

        public OptionBuilder<T> example(String value) {
            example = value;
            return this;
        }

        public OptionBuilder<T> scope(SettingScope where) {
            scope = where;
            return this;
        }

        public OptionBuilder<T> withoutFlag() {
            isFlag = false;
            return this;
        }

        /** Gives groups a flag, whose text the program parts itself. */
        public OptionBuilder<T> withFlag() {
            isFlag = true;
            return this;
        }

        public OptionBuilder<T> withoutFileKey() {
            fileKey = "";
            return this;
        }

        public OptionBuilder<T> reloadable() {
            reloadable = true;
            return this;
        }

        /** Has its value left out of everything that is printed. */
        public OptionBuilder<T> secret() {
            secret = true;
            return this;
        }

        /** Sets the parts; the value written as one is the first, if that has the same form. */
        public OptionBuilder<T> parts(Option<?>... rows) {
            shape = Shape.PARTS;
            parts = List.of(rows);
            return this;
        }

        /**
         * Sets the parts of each of its values; there is no flag for such a row, unless {@link #withFlag} says so.
         *
         * @param shape how many values there are: {@link Shape#GROUPS}, or {@link Shape#PARTS} for one
         */
        public OptionBuilder<T> of(Shape shape, OptionTable rows) {
            this.shape = shape;
            parts = rows.options();
            isFlag = false;
            return this;
        }

        /** Completes the row by its meaning: one sentence in plain text. */
        public Option<T> means(String sentence) {
            meaning = sentence;
            return new Option<>(
                    key,
                    fileKey,
                    form,
                    shape,
                    label,
                    byDefault,
                    defaultText,
                    meaning,
                    caveat,
                    example,
                    scope,
                    isFlag,
                    reloadable,
                    secret,
                    parts);
        }
    }
}
