package dev.pointsman.registry.embedded;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parser of durations as Go and so Consul's API writes them: {@code 10s}, {@code 1m30s}, {@code 1.5h}, {@code 250ms}. */
final class GoDuration {
    private static final Pattern PART = Pattern.compile("([0-9]*\\.?[0-9]*)([^0-9.]*)");
    private static final Map<String, Long> NANOS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "µs", 1_000L,
            "μs", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L);

    private GoDuration() {}

    /**
     * Reads a duration.
     *
     * @throws IllegalArgumentException with the words that Go has for what is wrong
     */
    static Duration parse(String text) {
        String digits = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
        if (digits.equals("0")) {
            return Duration.ZERO;
        }
        BigDecimal nanos = BigDecimal.ZERO;
        Matcher part = PART.matcher(digits);
        int at = 0;
        do {
            if (!part.find(at) || part.start() != at || !hasDigit(part.group(1))) {
                throw new IllegalArgumentException("time: invalid duration \"" + text + "\"");
            }
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit(part.group(2), text))));
            at = part.end();
        } while (at < digits.length());
        if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException("time: invalid duration \"" + text + "\"");
        }
        Duration duration = Duration.ofNanos(nanos.longValue());
        return text.startsWith("-") ? duration.negated() : duration;
    }

    private static boolean hasDigit(String number) {
        return number.chars().anyMatch(Character::isDigit);
    }

    private static long unit(String unit, String text) {
        if (unit.isEmpty()) {
            throw new IllegalArgumentException("time: missing unit in duration \"" + text + "\"");
        }
        Long nanos = NANOS.get(unit);
        if (nanos == null) {
            throw new IllegalArgumentException("time: unknown unit \"" + unit + "\" in duration \"" + text + "\"");
        }
        return nanos;
    }
}
