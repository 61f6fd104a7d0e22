package dev.pointsman.client;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The time after which a request is hedged: sent to a second instance while the first has not responded, for whichever of them
 * responds first. Immutable.
 *
 * @param time a fixed time, 1 ms or more; null to go by {@code percentile}
 * @param percentile the share of the service's latest responses, in percent, that were quicker than the time: 50 to 99. 0 where
 *     there is a fixed time. Nothing is hedged before as many responses are known as it takes to tell
 */
public record HedgeAfter(@Nullable Duration time, int percentile) {
    private static final Pattern PERCENTILE = Pattern.compile("p(\\d\\d)");
    private static final Pattern MILLIS = Pattern.compile("(\\d{1,7})ms");
    private static final Pattern SECONDS = Pattern.compile("(\\d{1,4})s");

    public HedgeAfter {
        if (time == null ? percentile < 50 || percentile > 99 : percentile != 0 || time.toMillis() < 1) {
            throw new IllegalArgumentException("hedge after: "
                    + (time == null ? "p" + percentile : time.toString())
                    + " (expected: p50 to p99, or a time of 1 ms or more)");
        }
    }

    /** After so much time. */
    public static HedgeAfter of(Duration time) {
        return new HedgeAfter(time, 0);
    }

    /** After the time that so many percent of the service's latest responses took at most. */
    public static HedgeAfter percentile(int percent) {
        return new HedgeAfter(null, percent);
    }

    /**
     * Reads {@code p95}, {@code 50ms} or {@code 2s}.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public static HedgeAfter parse(String text) {
        Matcher percentile = PERCENTILE.matcher(text);
        if (percentile.matches()) {
            return percentile(Integer.parseInt(percentile.group(1)));
        }
        Matcher millis = MILLIS.matcher(text);
        if (millis.matches()) {
            return of(Duration.ofMillis(Long.parseLong(millis.group(1))));
        }
        Matcher seconds = SECONDS.matcher(text);
        if (seconds.matches()) {
            return of(Duration.ofSeconds(Long.parseLong(seconds.group(1))));
        }
        throw new IllegalArgumentException(
                "hedge after: '" + text + "' (expected: p50 to p99, or a time such as 50ms or 2s)");
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return time == null ? "p" + percentile : time.toMillis() + "ms";
    }
}
