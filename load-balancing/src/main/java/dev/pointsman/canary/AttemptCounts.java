package dev.pointsman.canary;

import dev.pointsman.latency.TimeBuckets;
import dev.pointsman.pool.AttemptMeter;
import dev.pointsman.pool.Outcome;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * The attempts at some upstreams, with how they ended and how long the head of the response took. An attempt counts as an
 * error when it failed or its status was 5xx; one that says nothing about the upstream does not count. The time of one that
 * was given up for being too slow counts too: what is slowest must not be missing. Thread-safe.
 */
final class AttemptCounts implements AttemptMeter {
    private final LongSupplier nanos;
    private final LongAdder attempts = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final AtomicLongArray times = new AtomicLongArray(TimeBuckets.COUNT);

    /** The counts at one moment, or of a span of time. */
    static final class Tally {
        static final Tally ZERO = new Tally(0, 0, new long[TimeBuckets.COUNT]);

        private final long attempts;
        private final long errors;
        private final long[] times;

        /** @param times by bucket; it is not changed any more */
        Tally(long attempts, long errors, long[] times) {
            this.attempts = attempts;
            this.errors = errors;
            this.times = times;
        }

        long attempts() {
            return attempts;
        }

        long errors() {
            return errors;
        }

        /** By bucket; not to be changed. */
        long[] times() {
            return times;
        }

        Tally since(Tally earlier) {
            long[] later = times.clone();
            for (int i = 0; i < later.length; i++) {
                later[i] -= earlier.times[i];
            }
            return new Tally(attempts - earlier.attempts, errors - earlier.errors, later);
        }

        /** The share of errors in percent, with one decimal. */
        double errorPercent() {
            return attempts == 0 ? 0 : Math.round(1000.0 * errors / attempts) / 10.0;
        }

        long timed() {
            return TimeBuckets.from(0, times);
        }

        /** About the time, in microseconds, that one of a hundred exceeds; 0 if there is none. */
        long percentile99() {
            return TimeBuckets.shortestMicros(TimeBuckets.percentile(99, times));
        }
    }

    /**
     * Counts nothing yet.
     *
     * @param nanos measures times
     */
    AttemptCounts(LongSupplier nanos) {
        this.nanos = nanos;
    }

    @Override
    public long begin() {
        return nanos.getAsLong();
    }

    @Override
    public void responseBegan(long began) {
        times.incrementAndGet(TimeBuckets.of(nanos.getAsLong() - began));
    }

    @Override
    public void ended(long began, Outcome outcome, boolean responded) {
        if (!outcome.isVerdict()) {
            return;
        }
        attempts.increment();
        if (outcome.isError()) {
            errors.increment();
        }
        if (outcome == Outcome.TIMED_OUT && !responded) {
            responseBegan(began);
        }
    }

    Tally now() {
        long[] copy = new long[TimeBuckets.COUNT];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = times.get(i);
        }
        return new Tally(attempts.sum(), errors.sum(), copy);
    }

    /** About the number of attempts so far, for a look that costs nothing. */
    long attempts() {
        return attempts.sum();
    }
}
