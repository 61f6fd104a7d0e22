package dev.pointsman.pool;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the upstreams whose attempts end in errors more often than those of their siblings, as one that fails every third
 * request: a count of errors in a row never sees it. Errors are 5xx statuses and failures.
 *
 * <p>An upstream is compared with all others together, not with a fixed rate, so that a fault that all share ejects none; it
 * takes two upstreams for that, and five as for a standard deviation over the pool are not needed. It stands out where its
 * share of errors lies above theirs by more than {@link ErrorRateOptions#maxExcess()} and chance does not explain the
 * difference: the z-test for two proportions, at {@value #SIGNIFICANT} standard deviations (chance does that in three of a
 * million comparisons).
 *
 * <p>Counting adds nothing to an attempt that goes well: the number of attempts is known anyway, and errors alone are counted.
 * No timer runs: the first error after an interval has the rates compared. All but {@link #isDue} is for the pool's writer
 * alone.
 */
final class ErrorRates {
    /** For so many intervals at most attempts add up, where they are few. */
    static final int LONGEST = 6;

    static final double SIGNIFICANT = 4.5;

    private static final double PERCENT = 100;

    /** The beginning of one that joined within the window. */
    private static final Window JOINED = new Window(OutlierState.FIRST_EPOCH, 0, 0);

    private final ErrorRateOptions options;
    private final LongSupplier nanos;
    private final IdentityHashMap<Upstream, Window> windows = new IdentityHashMap<>();

    private long began;

    /** When rates may be compared next, in nanoseconds of the pool's clock. */
    private volatile long due;

    /** One upstream's counts at the beginning of the window, and the epoch that they belong to. */
    private record Window(int epoch, long attempts, long errors) {}

    /** The attempts of one or more upstreams within the window, and how many of them were errors. */
    private record Sample(long attempts, long errors) {
        double rate() {
            return (double) errors / attempts;
        }

        Sample plus(Sample other) {
            return new Sample(attempts + other.attempts, errors + other.errors);
        }

        Sample minus(Sample other) {
            return new Sample(attempts - other.attempts, errors - other.errors);
        }
    }

    /** An upstream that stands out, and why, in words that follow its name. */
    record Excess(Upstream upstream, String why) {}

    ErrorRates(ErrorRateOptions options, LongSupplier nanos) {
        this.options = options;
        this.nanos = nanos;
        this.began = nanos.getAsLong();
        this.due = began + options.interval().toNanos();
    }

    /** Whether the rates have to be compared because of an attempt that ended so. For any thread. */
    boolean isDue(Outcome outcome) {
        return !options.isOff() && outcome.isError() && nanos.getAsLong() - due >= 0;
    }

    /**
     * Begins a new window once there was enough to compare. Returns whether the present one is worth comparing: one that began
     * long before the first error says nothing about now.
     */
    boolean turn(List<Upstream> upstreams) {
        long now = nanos.getAsLong();
        if (now - due < 0) {
            // Another thread's error had them compared already.
            return false;
        }
        due = now + options.interval().toNanos();
        return now - began < LONGEST * options.interval().toNanos() || restart(upstreams, now);
    }

    private boolean restart(List<Upstream> upstreams, long now) {
        began = now;
        windows.clear();
        upstreams.forEach(this::begin);
        return false;
    }

    /** Begins anew for an upstream that was readmitted: what it was ejected for does not count again. */
    void begin(Upstream upstream) {
        windows.put(
                upstream, new Window(upstream.outlierState().epoch(), upstream.attemptsDecided(), upstream.errors()));
    }

    /** Begins a new window if the upstreams had enough attempts in this one, in the mean. */
    void endWindowIfFull(List<Upstream> upstreams) {
        long compared = 0;
        long attempts = 0;
        for (Upstream upstream : upstreams) {
            Sample sample = sample(upstream);
            if (sample != null) {
                compared++;
                attempts += sample.attempts();
            }
        }
        if (attempts >= 2 * compared * options.attempts()) {
            restart(upstreams, nanos.getAsLong());
        }
    }

    /** The upstream that stands out most of all that are ready; null if none does. */
    @Nullable
    Excess worst(List<Upstream> upstreams) {
        Sample all = new Sample(0, 0);
        for (Upstream upstream : upstreams) {
            Sample sample = sample(upstream);
            all = sample == null ? all : all.plus(sample);
        }
        Upstream worst = null;
        Sample most = new Sample(1, 0);
        for (Upstream upstream : upstreams) {
            Sample sample = sample(upstream);
            if (sample != null && sample.rate() > most.rate() && standsOut(sample, all.minus(sample))) {
                worst = upstream;
                most = sample;
            }
        }
        return worst == null ? null : new Excess(worst, words(most, all.minus(most)));
    }

    /** What is known of an upstream in this window; null if it is not to be compared. */
    private @Nullable Sample sample(Upstream upstream) {
        OutlierState state = upstream.outlierState();
        Window window = windows.getOrDefault(upstream, JOINED);
        if (upstream.availability() != Availability.READY || window.epoch() != state.epoch()) {
            return null;
        }
        Sample sample = new Sample(upstream.attemptsDecided() - window.attempts(), upstream.errors() - window.errors());
        return sample.attempts() > 0 ? sample : null;
    }

    private boolean standsOut(Sample one, Sample others) {
        return one.attempts() >= options.attempts()
                && others.attempts() >= options.attempts()
                && PERCENT * (one.rate() - others.rate()) > options.maxExcess()
                && isSignificant(one, others);
    }

    /** The z-test for two proportions, with the rate of both together. */
    private static boolean isSignificant(Sample one, Sample others) {
        double together = one.plus(others).rate();
        double variance = together * (1 - together) * (1.0 / one.attempts() + 1.0 / others.attempts());
        return variance > 0 && (one.rate() - others.rate()) / Math.sqrt(variance) >= SIGNIFICANT;
    }

    private static String words(Sample one, Sample others) {
        return "of its last " + one.attempts() + " requests " + percent(one)
                + " % failed or got a server error, of the others' " + percent(others) + " %";
    }

    private static long percent(Sample sample) {
        return Math.round(PERCENT * sample.rate());
    }
}
