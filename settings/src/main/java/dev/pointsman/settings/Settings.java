package dev.pointsman.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads typed values out of text, and collects what is wrong with it instead of stopping at the first: what cannot be read
 * counts as not given. The last value given for a key counts, so that what comes first (a file) can be overruled by what
 * comes later (a flag). Not thread-safe.
 */
public final class Settings {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
    private static final Map<String, Long> MILLIS_PER_UNIT =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L);
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})([kKmMgG]?)");

    /** Anything beyond a day is taken for a slip of the pen. */
    private static final Duration LONGEST = Duration.ofHours(24);

    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final List<Setting> given;
    private final List<String> problems;

    /** Nothing is wrong yet. */
    public Settings(Collection<Setting> given) {
        this(given, new ArrayList<>());
    }

    /**
     * Beside others who find something wrong.
     *
     * @param problems takes a sentence for everything that is wrong
     */
    public Settings(Collection<Setting> given, List<String> problems) {
        this.given = List.copyOf(given);
        this.problems = problems;
    }

    /** A sentence for everything that was wrong so far. */
    public List<String> problems() {
        return problems;
    }

    /** Says what a value should have been. */
    public void problem(Setting setting, String expected) {
        problem(setting.source() + ": \"" + setting.value() + "\" (expected: " + expected + ")");
    }

    public void problem(String sentence) {
        problems.add(sentence);
    }

    public List<Setting> all() {
        return given;
    }

    public List<Setting> all(String key) {
        return given.stream().filter(setting -> setting.key().equals(key)).toList();
    }

    /** The one that counts, or null if none was given. */
    public @Nullable Setting last(String key) {
        List<Setting> all = all(key);
        return all.isEmpty() ? null : all.get(all.size() - 1);
    }

    public String text(String key, String fallback) {
        return read(key, fallback, "something other than blanks", value -> value.isBlank() ? null : value.strip());
    }

    public boolean flag(String key, boolean fallback) {
        return read(key, fallback, "true or false", value -> switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> null;
        });
    }

    public int number(String key, int fallback, int least, int most) {
        return number(key, fallback, least, most, Map.of());
    }

    /**
     * A number, or a word for one.
     *
     * @param words what may stand for a number, such as {@code max}
     */
    public int number(String key, int fallback, int least, int most, Map<String, Integer> words) {
        String expected = "a whole number from " + least + " to " + most
                + (words.isEmpty() ? "" : ", or " + String.join(" or ", words.keySet()));
        return read(key, fallback, expected, value -> {
            Integer meant = words.get(value);
            return meant != null ? meant : wholeNumber(value, least, most);
        });
    }

    private static @Nullable Integer wholeNumber(String value, int least, int most) {
        try {
            int number = Integer.parseInt(value.strip());
            return number < least || number > most ? null : number;
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }

    /** A time above zero. */
    public Duration duration(String key, Duration fallback) {
        return duration(key, fallback, SHORTEST);
    }

    /**
     * A time.
     *
     * @param least zero, or a millisecond
     */
    public Duration duration(String key, Duration fallback, Duration least) {
        String expected = "a time such as 500ms, 2s, 5m or 1h, from " + (least.isZero() ? "0s" : "1ms") + " to 24h";
        return read(key, fallback, expected, value -> {
            Duration duration = durationOf(value);
            return duration == null || duration.compareTo(least) < 0 ? null : duration;
        });
    }

    /** A time, where 0 without a unit stands for none. */
    public Duration durationOrZero(String key, Duration fallback) {
        return read(
                key,
                fallback,
                "a time such as 500ms, 2s, 5m or 1h, up to 24h, or 0 for none",
                value -> value.strip().equals("0") ? Duration.ZERO : durationOf(value));
    }

    private static @Nullable Duration durationOf(String value) {
        Matcher matcher = DURATION.matcher(value);
        if (!matcher.matches()) {
            return null;
        }
        long perUnit = MILLIS_PER_UNIT.getOrDefault(matcher.group(2), 0L);
        Duration duration = Duration.ofMillis(Long.parseLong(matcher.group(1)) * perUnit);
        return duration.compareTo(LONGEST) > 0 ? null : duration;
    }

    /** In octets. */
    public int size(String key, int fallback, int least, int most) {
        String expected = "a size in octets such as 8192, 32k or 1m, from " + least + " to " + most;
        return read(key, fallback, expected, value -> {
            Long octets = octets(value);
            return octets != null && octets >= least && octets <= most ? octets.intValue() : null;
        });
    }

    /** In octets, of something that may be large, or without a limit: 0. */
    public long sizeOrNoLimit(String key, long fallback) {
        return read(key, fallback, "a size in octets such as 65536, 512m or 2g; 0 for no limit", Settings::octets);
    }

    private static @Nullable Long octets(String value) {
        Matcher matcher = SIZE.matcher(value);
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

    /** What of a list of {@code NAME=VALUE} is usable, with where it stood. */
    public List<Map.Entry<Setting, Map.Entry<String, String>>> pairs(String key) {
        List<Map.Entry<Setting, Map.Entry<String, String>>> pairs = new ArrayList<>();
        for (Setting setting : all(key)) {
            int equals = setting.value().indexOf('=');
            if (equals < 1) {
                problem(setting, "NAME=VALUE");
            } else {
                pairs.add(Map.entry(
                        setting,
                        Map.entry(
                                setting.value().substring(0, equals),
                                setting.value().substring(equals + 1))));
            }
        }
        return pairs;
    }

    /**
     * A value of any other kind.
     *
     * @param expected what it should be, for the sentence
     * @param parse null for what is not
     */
    public <T> T read(String key, T fallback, String expected, Function<String, @Nullable T> parse) {
        Setting setting = last(key);
        if (setting == null) {
            return fallback;
        }
        T value = parse.apply(setting.value());
        if (value == null) {
            problem(setting, expected);
            return fallback;
        }
        return value;
    }
}
