package dev.pointsman.latency;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The times of a service's latest responses, and the time that most of them took at most. The latest are those of the last 30
 * to 60 seconds: a window of 30 seconds that is being filled, and the one before it. Memory is bounded (about 8 kB), whatever the
 * number of responses.
 *
 * <p>To record costs a look at the clock and an atomic increment. To ask costs a look at the clock, as the answer is reckoned once
 * in a tenth of a second at most. Neither waits for another thread, but for a moment every 30 seconds. Thread-safe.
 *
 * <p>A caller that gives up a request because another one has responded should record the time that it had taken until then: if
 * only the quick ones were counted, the answer would become shorter and shorter.
 */
public final class ResponseTimes {
    /** The number of responses from which on there is an answer. */
    public static final int LEAST = 100;

    static final Duration WINDOW = Duration.ofSeconds(30);
    static final Duration RECKONED_EVERY = Duration.ofMillis(100);

    private final int percent;
    private final LongSupplier nanoTime;
    private final AtomicBoolean reckoning = new AtomicBoolean();

    private volatile TimeWindows windows;
    private volatile ReckonedTime answer;

    /**
     * The counts by bucket of a window and of the one before.
     *
     * @param began when the newer one began
     * @param before null if there is none that is recent enough
     */
    private record TimeWindows(
            long began, AtomicIntegerArray newest, @Nullable AtomicIntegerArray before) {
        static TimeWindows first(long now) {
            return new TimeWindows(now, new AtomicIntegerArray(TimeBuckets.COUNT), null);
        }

        TimeWindows next(long now) {
            boolean recent = now - began < 2 * WINDOW.toNanos();
            return recent
                    ? new TimeWindows(began + WINDOW.toNanos(), new AtomicIntegerArray(TimeBuckets.COUNT), newest)
                    : first(now);
        }

        long[] counts() {
            long[] sum = new long[TimeBuckets.COUNT];
            for (int i = 0; i < sum.length; i++) {
                sum[i] = newest.get(i) + (before == null ? 0L : before.get(i));
            }
            return sum;
        }
    }

    /** The answer as it was at a time. */
    private record ReckonedTime(OptionalLong nanos, long at) {}

    /**
     * No times yet.
     *
     * @param percent the share of the responses that the answer is about, 1 to 99
     * @param nanoTime nanoseconds from any origin, never back, as {@code System.nanoTime}; for any thread
     * @throws IllegalArgumentException when the share is out of its range
     */
    public ResponseTimes(int percent, LongSupplier nanoTime) {
        if (percent < 1 || percent > 99) {
            throw new IllegalArgumentException("percent: " + percent + " (expected: 1 to 99)");
        }
        this.percent = percent;
        this.nanoTime = nanoTime;
        long now = nanoTime.getAsLong();
        this.windows = TimeWindows.first(now);
        this.answer = new ReckonedTime(OptionalLong.empty(), now - RECKONED_EVERY.toNanos());
    }

    /** Records how long a response took, in nanoseconds. */
    public void record(long nanos) {
        at(nanoTime.getAsLong()).newest().incrementAndGet(TimeBuckets.of(nanos));
    }

    /**
     * The time in nanoseconds that the share of the latest responses took at most; too long by a thirty-second at most, and never
     * too short. Up to a tenth of a second old.
     *
     * @return empty while fewer than {@value #LEAST} responses are known
     */
    public OptionalLong percentile() {
        long now = nanoTime.getAsLong();
        ReckonedTime known = answer;
        // One thread reckons; the others go by what was known before.
        if (now - known.at() < RECKONED_EVERY.toNanos() || !reckoning.compareAndSet(false, true)) {
            return known.nanos();
        }
        try {
            ReckonedTime newer = new ReckonedTime(reckon(at(now).counts()), now);
            answer = newer;
            return newer.nanos();
        } finally {
            reckoning.set(false);
        }
    }

    private OptionalLong reckon(long[] counts) {
        return TimeBuckets.from(0, counts) < LEAST
                ? OptionalLong.empty()
                : OptionalLong.of(TimeBuckets.endNanos(TimeBuckets.percentile(percent, counts)));
    }

    private TimeWindows at(long now) {
        TimeWindows known = windows;
        return now - known.began() < WINDOW.toNanos() ? known : turn(now);
    }

    private synchronized TimeWindows turn(long now) {
        // Several threads may have found it over at the same time.
        if (now - windows.began() >= WINDOW.toNanos()) {
            windows = windows.next(now);
        }
        return windows;
    }
}
