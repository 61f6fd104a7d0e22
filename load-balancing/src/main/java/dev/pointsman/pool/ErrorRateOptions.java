package dev.pointsman.pool;

import java.time.Duration;

/**
 * The settings of ejection by the rate of errors: the share of an upstream's attempts that ended with a 5xx status or failed,
 * compared with that of the pool's other upstreams. What all of them have in common, as a database that is down, ejects none.
 *
 * @param maxExcess by how many percentage points an upstream's share of errors may lie above that of the others; 15 by
 *     default, 0 never ejects for it. More is only believed where chance does not explain it, see {@link ErrorRates}
 * @param attempts how many attempts an upstream must have had, and the others together, to be compared; 30 by default
 * @param interval how often they are compared; 5 s by default. Where there were few attempts, they add up over up to
 *     {@value ErrorRates#LONGEST} intervals
 */
public record ErrorRateOptions(int maxExcess, int attempts, Duration interval) {
    public static final ErrorRateOptions DEFAULT = new ErrorRateOptions(15, 30, Duration.ofSeconds(5));

    /** The settings by which no upstream is ever ejected for its rate of errors. */
    public static final ErrorRateOptions OFF = new ErrorRateOptions(0, DEFAULT.attempts(), DEFAULT.interval());

    public ErrorRateOptions {
        OutlierOptions.expect(maxExcess >= 0 && maxExcess <= 100, "maxExcess", maxExcess, "0 to 100");
        OutlierOptions.expect(attempts >= 1, "attempts", attempts, "1 or more");
        OutlierOptions.expect(interval.toMillis() >= 1, "interval", interval, "1 ms or more");
    }

    boolean isOff() {
        return maxExcess == 0;
    }
}
