package dev.pointsman.settings;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The form of a setting's value: how it is written, read, and described. The same form reads flags, keys of files and
 * options of routes. Immutable, thread-safe.
 *
 * @param kind what sort of value it is
 * @param label what stands for the value in help texts: {@code TIME}
 * @param expected what a value has to be, as the end of a sentence
 * @param least the least value, in milliseconds or bytes where it is a time or a size; null for no limit
 * @param most the largest value, in the same unit; null for no limit
 * @param words all values of a choice, or the words that may stand for a number
 * @param parse gives null for text that has another form
 * @param write the text that {@code parse} reads as the value
 */
public record Form<T>(
        FormKind kind,
        String label,
        String expected,
        @Nullable Long least,
        @Nullable Long most,
        List<String> words,
        Function<String, @Nullable T> parse,
        Function<T, String> write) {
    /** The kinds of values. */
    public enum FormKind {
        /** A time with its unit: {@code 500ms}, {@code 2s}, {@code 5m}, {@code 1h}. */
        TIME,
        /** A size in bytes: {@code 8192}, {@code 32k}, {@code 1m}, {@code 2g}. */
        SIZE,
        /** A whole number. */
        NUMBER,
        /** {@code true} or {@code false}. */
        BOOLEAN,
        /** A host and a port, or a URL. */
        ADDRESS,
        /** One of several words, some of which may have a parameter. */
        CHOICE,
        /** Several values in one, separated by commas. */
        LIST,
        /** Any other text. */
        TEXT
    }

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
    private static final Map<String, Long> MILLIS_PER_UNIT =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L);
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})([kKmMgG]?)");
    private static final String TIME_LIKE = "a time such as 500ms, 2s, 5m or 1h, ";

    /** Anything beyond a day is taken for a slip of the pen. */
    private static final long LONGEST = Duration.ofHours(24).toMillis();

    public Form {
        words = List.copyOf(words);
    }

    /** A form of a kind without limits. */
    public static <T> Form<T> of(
            FormKind kind,
            String label,
            String expected,
            Function<String, @Nullable T> parse,
            Function<T, String> write) {
        return new Form<>(kind, label, expected, null, null, List.of(), parse, write);
    }

    /** One of the words that the constants of an enum are, in lower case and with hyphens; read without regard to case. */
    public static <E extends Enum<E>> Form<E> choice(String label, String expected, Class<E> constants) {
        Function<E, String> word =
                constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
        List<E> all = List.of(constants.getEnumConstants());
        return new Form<>(
                FormKind.CHOICE,
                label,
                expected,
                null,
                null,
                all.stream().map(word).toList(),
                text -> all.stream()
                        .filter(constant -> word.apply(constant).equals(text.toLowerCase(Locale.ROOT)))
                        .findFirst()
                        .orElse(null),
                word);
    }

    /** A time from 1 ms to a day. */
    public static Form<Duration> time() {
        return time(1, TIME_LIKE + "from 1ms to 24h", Form::durationOf);
    }

    /** A time up to a day, which may be {@code 0s}. */
    public static Form<Duration> timeFromZero() {
        return time(0, TIME_LIKE + "from 0s to 24h", Form::durationOf);
    }

    /** A time up to a day, where 0 without a unit stands for none. */
    public static Form<Duration> timeOrNone() {
        return time(
                0,
                TIME_LIKE + "up to 24h, or 0 for none",
                value -> value.strip().equals("0") ? Duration.ZERO : durationOf(value));
    }

    private static Form<Duration> time(long least, String expected, Function<String, @Nullable Duration> read) {
        return new Form<>(
                FormKind.TIME,
                "TIME",
                expected,
                least,
                LONGEST,
                List.of(),
                text -> {
                    Duration time = read.apply(text);
                    return time == null || time.toMillis() < least ? null : time;
                },
                Form::written);
    }

    /** A size in bytes. */
    public static Form<Integer> size(int least, int most) {
        return new Form<>(
                FormKind.SIZE,
                "SIZE",
                "a size in bytes such as 8192, 32k or 1m, from " + least + " to " + most,
                (long) least,
                (long) most,
                List.of(),
                text -> {
                    Long bytes = bytes(text);
                    return bytes != null && bytes >= least && bytes <= most ? bytes.intValue() : null;
                },
                bytes -> written((long) bytes));
    }

    /** A size in bytes of something that may be large, or without a limit: 0. */
    public static Form<Long> sizeOrNoLimit() {
        return new Form<>(
                FormKind.SIZE,
                "SIZE",
                "a size in bytes such as 65536, 512m or 2g; 0 for no limit",
                0L,
                null,
                List.of(),
                Form::bytes,
                Form::written);
    }

    /** A whole number. */
    public static Form<Integer> number(int least, int most) {
        return number(least, most, Map.of());
    }

    /**
     * A whole number, or a word for one.
     *
     * @param words what may stand for a number, such as {@code max}
     */
    public static Form<Integer> number(int least, int most, Map<String, Integer> words) {
        Map<String, Integer> sorted = new TreeMap<>(words);
        String or = words.isEmpty() ? "" : ", or " + String.join(" or ", sorted.keySet());
        return new Form<>(
                FormKind.NUMBER,
                words.isEmpty() ? "N" : "N|" + String.join("|", sorted.keySet()),
                "a whole number from " + least + " to " + most + or,
                (long) least,
                (long) most,
                List.copyOf(sorted.keySet()),
                text -> {
                    Integer meant = sorted.get(text);
                    return meant != null ? meant : wholeNumber(text, least, most);
                },
                String::valueOf);
    }

    /** {@code true} or {@code false}. */
    public static Form<Boolean> bool() {
        return new Form<>(
                FormKind.BOOLEAN,
                "BOOLEAN",
                "true or false",
                null,
                null,
                List.of("true", "false"),
                text -> switch (text) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> null;
                },
                String::valueOf);
    }

    /** Text with something in it; blanks around it do not count. */
    public static Form<String> text(String label) {
        return of(
                FormKind.TEXT,
                label,
                "something other than blanks",
                text -> text.isBlank() ? null : text.strip(),
                text -> text);
    }

    /** Any text; the code that reads the setting checks it. */
    public static Form<String> any(FormKind kind, String label) {
        return of(kind, label, "text", text -> text, text -> text);
    }

    /** The allowed values in few words: {@code 1ms to 24h}. */
    public String range() {
        String limits = least == null
                ? ""
                : limit(least) + (most == null || most == Integer.MAX_VALUE ? " or more" : " to " + limit(most));
        return switch (kind) {
            case TIME -> "time, " + limits;
            case SIZE -> "size, " + limits;
            case NUMBER -> limits + (words.isEmpty() ? "" : " or `" + String.join("`, `", words) + "`");
            case BOOLEAN -> "`true` or `false`";
            default -> words.isEmpty() ? "`" + label + "`" : "`" + String.join("`, `", words) + "`";
        };
    }

    private String limit(long value) {
        return switch (kind) {
            // Every form of time takes 0s for zero, not every one 0.
            case TIME -> value == 0 ? "0s" : written(Duration.ofMillis(value));
            case SIZE -> written(value);
            default -> String.valueOf(value);
        };
    }

    private static String written(Duration time) {
        long millis = time.toMillis();
        if (millis == 0) {
            return "0";
        }
        if (millis % 3_600_000 == 0) {
            return millis / 3_600_000 + "h";
        }
        if (millis % 60_000 == 0) {
            return millis / 60_000 + "m";
        }
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }

    private static String written(long bytes) {
        if (bytes != 0 && bytes % (1 << 30) == 0) {
            return (bytes >> 30) + "g";
        }
        if (bytes != 0 && bytes % (1 << 20) == 0) {
            return (bytes >> 20) + "m";
        }
        return bytes != 0 && bytes % 1024 == 0 ? (bytes >> 10) + "k" : String.valueOf(bytes);
    }

    private static @Nullable Integer wholeNumber(String text, int least, int most) {
        try {
            int number = Integer.parseInt(text.strip());
            return number < least || number > most ? null : number;
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }

    private static @Nullable Duration durationOf(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        long perUnit = MILLIS_PER_UNIT.getOrDefault(matcher.group(2), 0L);
        long millis = Long.parseLong(matcher.group(1)) * perUnit;
        return millis > LONGEST ? null : Duration.ofMillis(millis);
    }

    private static @Nullable Long bytes(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        int shift =
                switch (matcher.group(2)) {
                    case "k", "K" -> 10;
                    case "m", "M" -> 20;
                    case "g", "G" -> 30;
                    default -> 0;
                };
        long number = Long.parseLong(matcher.group(1));
        return number > Long.MAX_VALUE >> shift ? null : number << shift;
    }
}
