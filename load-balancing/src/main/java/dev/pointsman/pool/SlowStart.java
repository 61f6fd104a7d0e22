package dev.pointsman.pool;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rising share of fresh upstreams: a JVM that has just started responds slowly. Its share rises evenly from 10 % to all
 * of it over a window that begins when its process did, as its {@link StartTime} tells, so that a balancer that restarts
 * leaves the old instances their share. Without a start time the window begins when the upstream joined, for those that were
 * not there from the beginning.
 *
 * <p>What counts is to be less warm than others: a pool in which all are fresh shares evenly. For the pool's writer alone.
 */
final class SlowStart {
    private static final int LEAST = 10;
    private static final int WHOLE = 100;
    /** A share that is set anew this often is as good as a continuous rise. */
    private static final int STEPS = 20;

    private final long window;
    private final PoolTime time;
    private final Map<Upstream, Long> joined = new HashMap<>();

    SlowStart(Duration window, PoolTime time) {
        this.window = window.toNanos();
        this.time = time;
    }

    /** The time for which a set share is good, in nanoseconds. */
    long step() {
        return Math.max(1, window / STEPS);
    }

    /** Notes that the upstream's process was first seen now. */
    void joined(Upstream upstream, boolean fromTheBeginning, long now) {
        if (window > 0) {
            joined.put(upstream, fromTheBeginning && StartTime.of(upstream.instance()) == null ? now - window : now);
        }
    }

    void left(Upstream upstream) {
        joined.remove(upstream);
    }

    /** Sets the share of each upstream; true if some are not warm yet. */
    boolean warm(List<Upstream> ready, long now) {
        if (window == 0) {
            return false;
        }
        int[] warmth =
                ready.stream().mapToInt(upstream -> percent(age(upstream, now))).toArray();
        int warmest = LEAST;
        boolean someCold = false;
        for (int percent : warmth) {
            warmest = Math.max(warmest, percent);
            someCold |= percent < WHOLE;
        }
        for (int i = 0; i < warmth.length; i++) {
            ready.get(i).warm(warmth[i] * WHOLE / warmest);
        }
        return someCold;
    }

    private int percent(long age) {
        return age >= window ? WHOLE : LEAST + (int) ((WHOLE - LEAST) * (double) age / window);
    }

    /**
     * The time since the process was first seen, in nanoseconds. At least what was seen here: the other machine's clock
     * may be ahead of ours.
     */
    private long age(Upstream upstream, long now) {
        long seen = Math.max(0, now - joined.getOrDefault(upstream, now - window));
        Instant started = StartTime.of(upstream.instance());
        if (started == null) {
            return seen;
        }
        Duration said = Duration.between(started, time.wall().instant());
        if (said.isNegative()) {
            return seen;
        }
        return said.compareTo(Duration.ofNanos(window)) >= 0 ? window : Math.max(seen, said.toNanos());
    }
}
