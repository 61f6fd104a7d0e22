package dev.pointsman.canary;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The steps by which a canary's share goes up, as they are written: {@code 5%,20%,50%,100% every 10m}. Immutable.
 *
 * @param shares each larger than the one before it, in {@link UserBuckets#COUNT}ths
 * @param every how long a step lasts before the next
 */
public record CanaryRamp(List<Integer> shares, Duration every) {
    /** All that {@link #parse} understands, in words for a message. */
    public static final String EXPECTED =
            "rising shares and the time that each lasts, such as 5%,20%,50%,100% every 10m";

    private static final Pattern FORM = Pattern.compile("(.+?)\\s+every\\s+(\\d{1,6})(ms|s|m|h)");

    public CanaryRamp {
        shares = List.copyOf(shares);
        if (shares.isEmpty() || every.isNegative() || every.isZero()) {
            throw new IllegalArgumentException("ramp: " + shares + " every " + every + " (expected: " + EXPECTED + ")");
        }
    }

    /** The ramp that is written so, or null if none is. */
    public static @Nullable CanaryRamp parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            return null;
        }
        List<Integer> shares = new ArrayList<>();
        int before = 0;
        for (String each : form.group(1).split(",", -1)) {
            Integer share = CanaryTag.parseShare(each);
            if (share == null || share <= before) {
                return null;
            }
            shares.add(share);
            before = share;
        }
        Duration every = time(Long.parseLong(form.group(2)), form.group(3));
        return every.isZero() ? null : new CanaryRamp(shares, every);
    }

    private static Duration time(long count, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
        };
    }

    /** The share of a step, counted from 0; of a step beyond the last, the last one's. */
    int share(int step) {
        return shares.get(Math.min(step, shares.size() - 1));
    }

    @Override
    public String toString() {
        long millis = every.toMillis();
        String time = millis % 3_600_000 == 0
                ? millis / 3_600_000 + "h"
                : millis % 60_000 == 0
                        ? millis / 60_000 + "m"
                        : millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
        return shares.stream().map(CanaryTag::written).collect(Collectors.joining(",")) + " every " + time;
    }
}
