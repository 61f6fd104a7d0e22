package dev.pointsman.pool;

import java.time.Duration;

/**
 * The settings of outlier detection: how many failed attempts eject an upstream, and for how long. Numbers are of attempts
 * in a row: a response resets the count; what fails now and then is found by its rate. Defaults are Envoy's outlier detection's, but for the share (Envoy: 10 %), and for
 * connections: one failure is enough, since there are other upstreams and nothing was sent yet.
 *
 * @param connectFailures connections that could not be established; 1 by default, 0 never ejects for it
 * @param failures attempts without a complete response, for any reason; 5 by default, 0 never ejects for it
 * @param errorStatuses responses with a 5xx status, or failures; 0 by default, which never ejects for it: an upstream that
 *     responds with 500 may be right. Above 0, a 5xx also fails a probe
 * @param errorRate when a share of errors above that of the others ejects an upstream; on by default
 * @param firstTime how long the first ejection lasts; 30 s by default. Each further one lasts twice as long, and each
 *     such time without an ejection takes one doubling back
 * @param longestTime how long an ejection lasts at most; 300 s by default
 * @param maxPercent the share of a pool that may be ejected at a time, of those that are healthy by the registry; 50 by
 *     default. One may always be, if there is another
 */
public record OutlierOptions(
        int connectFailures,
        int failures,
        int errorStatuses,
        ErrorRateOptions errorRate,
        Duration firstTime,
        Duration longestTime,
        int maxPercent) {
    public static final OutlierOptions DEFAULT =
            new OutlierOptions(1, 5, 0, ErrorRateOptions.DEFAULT, Duration.ofSeconds(30), Duration.ofSeconds(300), 50);

    /** The settings by which no upstream is ever ejected. */
    public static final OutlierOptions OFF = new OutlierOptions(
            0, 0, 0, ErrorRateOptions.OFF, DEFAULT.firstTime(), DEFAULT.longestTime(), DEFAULT.maxPercent());

    public OutlierOptions {
        expect(connectFailures >= 0, "connectFailures", connectFailures, "0 or more");
        expect(failures >= 0, "failures", failures, "0 or more");
        expect(errorStatuses >= 0, "errorStatuses", errorStatuses, "0 or more");
        expect(firstTime.toMillis() >= 1, "firstTime", firstTime, "1 ms or more");
        expect(longestTime.compareTo(firstTime) >= 0, "longestTime", longestTime, "firstTime or more");
        expect(longestTime.compareTo(Duration.ofDays(1)) <= 0, "longestTime", longestTime, "a day or less");
        expect(maxPercent >= 0 && maxPercent <= 100, "maxPercent", maxPercent, "0 to 100");
    }

    public OutlierOptions withErrorStatuses(int limit) {
        return new OutlierOptions(connectFailures, failures, limit, errorRate, firstTime, longestTime, maxPercent);
    }

    public OutlierOptions withErrorRate(ErrorRateOptions rate) {
        return new OutlierOptions(connectFailures, failures, errorStatuses, rate, firstTime, longestTime, maxPercent);
    }

    public OutlierOptions withTimes(Duration first, Duration longest) {
        return new OutlierOptions(connectFailures, failures, errorStatuses, errorRate, first, longest, maxPercent);
    }

    public OutlierOptions withMaxPercent(int percent) {
        return new OutlierOptions(connectFailures, failures, errorStatuses, errorRate, firstTime, longestTime, percent);
    }

    static void expect(boolean holds, String name, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
    }
}
