package dev.pointsman.settings;

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
 * @param parts the settings of its own that each value has in a file; none for a plain value
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
        OptionTable parts) {
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
        /** One mapping, or a value that stands for the first of its settings. */
        GROUP,
        /** Any number of mappings, or of values that each stand for the first of its settings: one, or a list of them. */
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
        private OptionTable parts = OptionTable.of();

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

        /**
         * Gives each of its values settings of its own, as mappings in a file have them; there is no flag for such a row.
         *
         * @param shape how many values there are: {@link Shape#GROUP}, {@link Shape#GROUPS}
         */
        public OptionBuilder<T> of(Shape shape, OptionTable settings) {
            this.shape = shape;
            parts = settings;
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
