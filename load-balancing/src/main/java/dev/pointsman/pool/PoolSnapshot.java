package dev.pointsman.pool;

import dev.pointsman.registry.OneLine;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A pool at one moment, and the order in which its upstreams are preferred. A request reads the newest one once per attempt
 * and uses only it. Thread-safe; the lists never change, the live state of the upstreams in them does.
 *
 * <p>The order of preference stands in {@link #pick}: what the policy chooses among the ready ones, then a stalled one, then
 * one of the others (backups that are ready, and what does not look healthy), then the upstreams that were tried already.
 * Which are the ready ones is decided where backups, weights of 0 and failing open are: in {@code Candidates}.
 */
public final class PoolSnapshot {
    private final String target;
    private final List<Upstream> upstreams;
    private final Candidates candidates;
    private final Picker picker;

    /** The picker, if it has attempts counted; nearly always null. */
    private final @Nullable MeasuringPicker measuring;

    private final LongAdder failOpenPicks;
    private final Supplier<PoolSnapshot> newest;

    /**
     * A snapshot of a pool.
     *
     * @param picker the policy's, built of the candidates that are ready
     * @param failOpenPicks counts picks of upstreams that do not look healthy
     * @param newest the pool's newest snapshot, which no upstream is in that has left
     */
    PoolSnapshot(
            String target,
            List<Upstream> upstreams,
            Candidates candidates,
            Picker picker,
            LongAdder failOpenPicks,
            Supplier<PoolSnapshot> newest) {
        this.target = target;
        this.upstreams = upstreams;
        this.candidates = candidates;
        this.picker = picker;
        this.measuring = picker instanceof MeasuringPicker own ? own : null;
        this.failOpenPicks = failOpenPicks;
        this.newest = newest;
    }

    /** The tag or service name whose upstreams these are. */
    public String target() {
        return target;
    }

    /** All upstreams, sorted by key, ready or not. */
    public List<Upstream> upstreams() {
        return upstreams;
    }

    /**
     * The upstreams that the policy picks from, sorted by key: those that are well and no backups; where there is none, the
     * backups; while the pool fails open, all but backups and what was taken out by
     * maintenance, a drain or a weight of 0.
     */
    public List<Upstream> ready() {
        return candidates.ready();
    }

    /** Whether no upstream looks healthy, so that those are used that do not. */
    public boolean failOpen() {
        return candidates.failOpen();
    }

    /** Whether backups are picked from, as no other upstream can serve. */
    public boolean backups() {
        return candidates.backups();
    }

    /** The policy's picker: the first tier alone, without what follows when it finds no upstream. */
    public Picker picker() {
        return picker;
    }

    /**
     * The upstream that the next request would be sent to, if none came before it. Changes nothing.
     *
     * @return null if there is none, or if it cannot be known: where the policy draws, and while an upstream stalls or is in
     *     its slow start, where looking would count as asking
     */
    public @Nullable Upstream peek(RequestFacts request) {
        for (Upstream upstream : candidates.ready()) {
            if (upstream.isStalled() || upstream.warmth() < Upstream.WHOLE) {
                return null;
            }
        }
        return picker.peek(request);
    }

    /**
     * Picks an upstream and begins an attempt at it in one, so that neither an upstream's limit nor the one probe of an
     * ejected upstream is exceeded when several threads pick at a time. (To pick and then {@link Upstream#begin()} may exceed
     * them by a few.)
     *
     * <p>An upstream that has left the pool, or was drained, since this snapshot was read is not asked: the newest snapshot
     * decides then. So once such an instance has nothing in flight ({@link Pool#inFlightOn}), it may be stopped.
     *
     * @param tried upstreams that failed this request already; mostly empty
     * @param request what is known of the request, for policies that go by it
     * @param orAgain whether the request may go to one of {@code tried} again when no other upstream is left: sensible when a
     *     new connection may do what the last one did not
     * @return the attempt, which the caller must end; null if no upstream can be picked
     */
    public @Nullable Attempt begin(List<Upstream> tried, RequestFacts request, boolean orAgain) {
        for (int round = 0; round <= candidates.ready().size(); round++) {
            Upstream picked = pick(tried, request, orAgain);
            if (picked == null) {
                return null;
            }
            Attempt attempt = picked.tryBegin();
            if (attempt != null) {
                if (measuring != null) {
                    count(attempt, measuring);
                }
                return attempt;
            }
            if (picked.isClosed()) {
                PoolSnapshot newer = newest.get();
                return newer == this ? null : newer.begin(tried, request, orAgain);
            }
        }
        return null;
    }

    private static void count(Attempt attempt, MeasuringPicker by) {
        AttemptMeter meter = by.meterOf(attempt.upstream());
        if (meter != null) {
            attempt.countedBy(meter);
        }
    }

    /**
     * Picks an upstream, in the order of preference from top to bottom, and begins nothing: for a caller that learns only later
     * whether there will be an attempt. The others use {@link #begin}.
     *
     * @param tried as for {@link #begin}, like all that follows
     * @return null if no upstream can be picked
     */
    public @Nullable Upstream pick(List<Upstream> tried, RequestFacts request, boolean orAgain) {
        Upstream picked = ready(tried, request);
        if (picked == null) {
            picked = stalled(tried);
        }
        if (picked == null) {
            picked = other(tried);
        }
        if (picked == null && orAgain) {
            picked = pick(List.of(), request, false);
        }
        return picked;
    }

    /** The first tier: the policy's choice. */
    private @Nullable Upstream ready(List<Upstream> tried, RequestFacts request) {
        Upstream picked = picker.pick(tried, request);
        if (picked != null && candidates.failOpen()) {
            failOpenPicks.increment();
        }
        return picked;
    }

    /** Second tier: of the ready ones that were passed over because they stall, the one with the least in flight. */
    private @Nullable Upstream stalled(List<Upstream> tried) {
        Upstream least = null;
        for (Upstream upstream : candidates.ready()) {
            boolean passedOver = upstream.isStalled() && upstream.isBelowLimit() && !tried.contains(upstream);
            if (passedOver && (least == null || upstream.inFlight() < least.inFlight())) {
                least = upstream;
            }
        }
        return least;
    }

    /**
     * Third tier, for a request that failed on all healthy ones: the best of the others. A healthy upstream that is
     * only full is waited for instead.
     */
    private @Nullable Upstream other(List<Upstream> tried) {
        if (tried.isEmpty() || candidates.isHealthyLeft(tried)) {
            return null;
        }
        for (Upstream upstream : candidates.others()) {
            if (upstream.isCandidate(tried)) {
                if (!Candidates.isHealthy(upstream)) {
                    failOpenPicks.increment();
                }
                return upstream;
            }
        }
        return null;
    }

    /** Whether a ready upstream that has neither left nor been drained was not tried yet, so that it is worth to wait until it has room. */
    public boolean hasUntried(List<Upstream> tried) {
        for (Upstream upstream : candidates.ready()) {
            if (!tried.contains(upstream) && !upstream.isClosed()) {
                return true;
            }
        }
        return false;
    }

    /** What is known of the upstreams now, on one line for logs: where each is, its availability, and what it has in flight. */
    @Override
    public String toString() {
        return OneLine.of(target)
                + upstreams.stream().map(PoolSnapshot::described).collect(Collectors.joining(", ", " [", "]"));
    }

    private static String described(Upstream upstream) {
        String why = upstream.why();
        return upstream + " " + upstream.availability() + ", " + upstream.inFlight() + " in flight"
                + (why.isEmpty() ? "" : " (" + OneLine.of(why) + ")");
    }
}
