package dev.pointsman.launcher.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads typed values out of text, and collects what is wrong with it instead of stopping at the first. Not thread-safe.
 */
final class Values {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
    private static final Map<String, Long> MILLIS_PER_UNIT =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L);
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})([kKmMgG]?)");
    private static final Duration LONGEST = Duration.ofHours(24);

    private final List<Setting> given;
    private final List<String> problems;

    /** @param problems takes a sentence for everything that is wrong */
    Values(List<Setting> given, List<String> problems) {
        this.given = given;
        this.problems = problems;
    }

    void problem(Setting setting, String expected) {
        problems.add(setting.source() + ": \"" + setting.value() + "\" (expected: " + expected + ")");
    }

    List<Setting> all(String key) {
        return given.stream().filter(setting -> setting.key().equals(key)).toList();
    }

    @Nullable
    Setting last(String key) {
        List<Setting> all = all(key);
        return all.isEmpty() ? null : all.get(all.size() - 1);
    }

    /** @param words what may stand for a number, such as {@code max} */
    int number(String key, int fallback, int least, int most, Map<String, Integer> words) {
        String expected = "a whole number from " + least + " to " + most
                + (words.isEmpty() ? "" : ", or " + String.join(" or ", words.keySet()));
        return read(key, fallback, expected, value -> {
            Integer meant = words.get(value);
            return meant != null ? meant : wholeNumber(value, least, most);
        });
    }

    /** Anything beyond a day is taken for a slip of the pen. */
    Duration time(String key, Duration fallback, Duration least) {
        String expected = "a time such as 500ms, 2s, 5m or 1h, from " + (least.isZero() ? "0s" : "1ms") + " to 24h";
        return read(key, fallback, expected, value -> {
            Matcher matcher = DURATION.matcher(value);
            if (!matcher.matches()) {
                return null;
            }
            long perUnit = MILLIS_PER_UNIT.getOrDefault(matcher.group(2), 0L);
            Duration time = Duration.ofMillis(Long.parseLong(matcher.group(1)) * perUnit);
            return time.compareTo(least) < 0 || time.compareTo(LONGEST) > 0 ? null : time;
        });
    }

    /** In octets. */
    long size(String key, long fallback) {
        return read(key, fallback, "a size in octets such as 65536, 512m or 2g; 0 for no limit", Values::octets);
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

    private <T> T read(String key, T fallback, String expected, Function<String, @Nullable T> parse) {
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

    private static @Nullable Integer wholeNumber(String value, int least, int most) {
        try {
            int number = Integer.parseInt(value.strip());
            return number < least || number > most ? null : number;
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }

    /** What of a list of pairs is usable, the later ones overruling. */
    List<Map.Entry<Setting, Map.Entry<String, String>>> pairs(String key) {
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
}
