package dev.pointsman.balancer.config;

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
 * Reads typed values out of text, and collects what is wrong with it instead of stopping at the first. The last value
 * given for a key counts, so that what comes first (a file) can be overruled by what comes later (a flag). Not
 * thread-safe.
 */
final class Settings {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
    private static final Map<String, Long> MILLIS_PER_UNIT =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L);
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})([kKmM]?)");
    private static final Pattern HOST_AND_PORT =
            Pattern.compile("(?:\\[([0-9a-fA-F:.%]+)]|([^:\\[\\]\\s]+)):(\\d{1,5})");

    private final List<Setting> given;
    private final List<String> problems = new ArrayList<>();

    Settings(Collection<Setting> given) {
        this.given = List.copyOf(given);
    }

    List<String> problems() {
        return problems;
    }

    void problem(Setting setting, String expected) {
        problems.add(setting.source() + ": \"" + setting.value() + "\" (expected: " + expected + ")");
    }

    void problem(String sentence) {
        problems.add(sentence);
    }

    List<Setting> all() {
        return given;
    }

    List<Setting> all(String key) {
        return given.stream().filter(setting -> setting.key().equals(key)).toList();
    }

    @Nullable
    Setting last(String key) {
        List<Setting> all = all(key);
        return all.isEmpty() ? null : all.get(all.size() - 1);
    }

    String text(String key, String fallback) {
        return read(key, fallback, "something other than blanks", value -> value.isBlank() ? null : value.strip());
    }

    boolean flag(String key) {
        return flag(key, false);
    }

    boolean flag(String key, boolean fallback) {
        return read(key, fallback, "true or false", value -> switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> null;
        });
    }

    int number(String key, int fallback, int least, int most) {
        return read(key, fallback, "a whole number from " + least + " to " + most, value -> {
            Long number = wholeNumber(value);
            return number != null && number >= least && number <= most ? number.intValue() : null;
        });
    }

    /** Durations are positive; anything beyond a day is taken for a slip of the pen. */
    Duration duration(String key, Duration fallback) {
        return read(key, fallback, "a time such as 500ms, 2s, 5m or 1h, from 1ms to 24h", value -> {
            Duration duration = durationOf(value);
            return duration == null || duration.isZero() ? null : duration;
        });
    }

    /** The same, where 0 stands for none. */
    Duration durationOrZero(String key, Duration fallback) {
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
        return duration.compareTo(Duration.ofHours(24)) > 0 ? null : duration;
    }

    int size(String key, int fallback, int least, int most) {
        String expected = "a size in octets such as 8192, 32k or 1m, from " + least + " to " + most;
        return read(key, fallback, expected, value -> {
            Matcher matcher = SIZE.matcher(value);
            if (!matcher.matches()) {
                return null;
            }
            int shift =
                    switch (matcher.group(2)) {
                        case "k", "K" -> 10;
                        case "m", "M" -> 20;
                        default -> 0;
                    };
            long octets = Long.parseLong(matcher.group(1)) << shift;
            return octets >= least && octets <= most ? (int) octets : null;
        });
    }

    HostAndPort hostAndPort(String key, HostAndPort fallback) {
        return read(key, fallback, "HOST:PORT, such as 127.0.0.1:9901 or [::1]:9901", value -> {
            Matcher matcher = HOST_AND_PORT.matcher(value);
            if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > 65535) {
                return null;
            }
            String literal = matcher.group(1);
            return new HostAndPort(literal != null ? literal : matcher.group(2), Integer.parseInt(matcher.group(3)));
        });
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

    private static @Nullable Long wholeNumber(String value) {
        try {
            return Long.valueOf(value.strip());
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }
}
