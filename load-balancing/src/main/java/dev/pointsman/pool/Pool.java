package dev.pointsman.pool;

import dev.pointsman.registry.ServiceView;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The upstreams of one target. Thread-safe: views, outcomes and the passing of time change it one at a time, on whichever
 * thread they come ({@link Sequence}); anyone may read {@link #snapshot()} at any time, at the cost of one volatile read
 * while nothing in it is bound to change by itself.
 *
 * <p>No timer runs. An ejection that is over, or a share that rises, is seen to when a snapshot is asked for, that is,
 * when it could make a difference.
 */
public final class Pool {
    private final String target;
    private final PickPolicy policy;
    private final PoolOptions options;
    private final PoolTime time;
    private final PoolLog log;
    private final Outliers outliers;
    private final SlowStart slowStart;
    private final Roster roster;
    private final PoolCounters counters = new PoolCounters();
    private final Sequence sequence = new Sequence();

    private volatile Published published;

    /**
     * What readers get.
     *
     * @param timed whether it is to be made anew at a time
     * @param due that time, in nanoseconds of the pool's clock
     */
    private record Published(PoolSnapshot snapshot, boolean timed, long due) {}

    /**
     * An empty pool in which the registry alone decides who is picked.
     *
     * @param target the tag or service name
     * @param policy how to pick; for this pool alone, see {@link PickPolicy}
     */
    public Pool(String target, PickPolicy policy) {
        this(target, policy, PoolOptions.REGISTRY_ONLY, PoolTime.NONE, change -> {});
    }

    /**
     * An empty pool.
     *
     * @param target the tag or service name
     * @param policy how to pick; for this pool alone, see {@link PickPolicy}
     * @param listener hears each change of an upstream's state, once, one at a time and on any thread; must not block
     */
    public Pool(String target, PickPolicy policy, PoolOptions options, PoolTime time, Consumer<StateChange> listener) {
        this.target = target;
        this.policy = policy;
        this.options = options;
        this.time = time;
        this.log = new PoolLog(target, listener);
        this.outliers = new Outliers(options.outliers());
        this.slowStart = new SlowStart(options.slowStart(), time);
        this.roster = new Roster(
                outliers,
                slowStart,
                log,
                (instance, held) ->
                        new Upstream(instance, held, counters, this::hear, options.maxInFlight(), time.nanos()));
        PoolSnapshot empty = new PoolSnapshot(target, List.of(), List.of(), false, policy.build(List.of(), () -> 0));
        this.published = new Published(empty, false, 0);
    }

    public String target() {
        return target;
    }

    public PoolSnapshot snapshot() {
        Published now = published;
        if (now.timed() && isDue(now)) {
            sequence.run(this::passTime);
            now = published;
        }
        return now.snapshot();
    }

    private boolean isDue(Published what) {
        return time.nanos().getAsLong() - what.due() >= 0;
    }

    /** What happened since the pool was made. */
    public PoolCounts counts() {
        return counters.counts();
    }

    /**
     * Takes over what the registry says now and publishes it as one new snapshot: before this returns, or moments later
     * when another thread is just changing the pool.
     */
    public void apply(ServiceView view) {
        sequence.run(() -> {
            roster.take(view, time.nanos().getAsLong());
            if (!view.retained().isEmpty()) {
                counters.heldViews.increment();
            }
            publish();
        });
    }

    /**
     * How many attempts are in flight on instances with this id, those that left the pool included: whoever stops one wants
     * to know that nothing is under way on it.
     *
     * @param node the instance's node, or null for any
     */
    public int inFlightOn(@Nullable String node, String id) {
        return Stream.concat(roster.leaving().stream(), roster.upstreams().stream())
                .distinct()
                .filter(upstream -> upstream.key().id().equals(id))
                .filter(upstream -> node == null || upstream.key().node().equals(node))
                .mapToInt(Upstream::inFlight)
                .sum();
    }

    private void passTime() {
        // Several threads may have found it due at a time.
        if (published.timed() && isDue(published)) {
            publish();
        }
    }

    private void hear(Upstream upstream, Outcome outcome, int term, boolean probe) {
        if (outliers.cares(upstream.standing(), outcome, term, probe)) {
            sequence.run(() -> judge(upstream, outcome, term, probe));
        }
    }

    private void judge(Upstream upstream, Outcome outcome, int term, boolean probe) {
        Standing standing = upstream.standing();
        if (term != standing.term() || upstream.availability() == Availability.GONE) {
            return;
        }
        Supplier<EjectedShare> share = () -> EjectedShare.of(roster.upstreams());
        switch (outliers.note(standing, outcome, probe, share, time.nanos().getAsLong())) {
            case NONE -> {}
            case MOVED -> {
                if (standing.phase() == Standing.Phase.OUT) {
                    upstream.countEjection();
                }
                publish();
            }
            case WITHHELD -> {
                counters.withheldEjections.increment();
                log.withheld(upstream, share.get());
            }
        }
    }

    private void publish() {
        List<Upstream> upstreams = roster.upstreams();
        long now = time.nanos().getAsLong();
        upstreams.forEach(upstream -> outliers.release(upstream.standing(), now));
        Selection selection = Selection.of(upstreams, options.failOpen());
        upstreams.forEach(upstream ->
                upstream.standing().gate(upstream.availability() == Availability.PROBING && !selection.failOpen()));
        Due due = new Due();
        if (slowStart.warm(selection.ready(), now)) {
            due.at(now + slowStart.step());
        }
        upstreams.stream()
                .map(Upstream::standing)
                .filter(standing -> standing.phase() == Standing.Phase.OUT)
                .forEach(standing -> due.at(standing.until()));
        counters.pickable = options.passStalled() ? selection.ready().size() : 0;
        Picker picker = policy.build(selection.ready(), readyInFlight(selection.ready()));
        PoolSnapshot snapshot = new PoolSnapshot(
                target,
                upstreams,
                selection.ready(),
                selection.failOpen(),
                LastResort.behind(picker, selection, counters.failOpenPicks));
        published = new Published(snapshot, due.isSet(), due.earliest());
        log.states(upstreams);
        log.failOpen(selection.failOpen(), selection.ready().size());
    }

    /** The pool's in-flight count less what is stuck on upstreams that are not picked from anyhow. */
    private IntSupplier readyInFlight(List<Upstream> ready) {
        Set<Upstream> pickable = new HashSet<>(ready);
        // Nothing new begins on these, so who has nothing in flight now need not be asked in each pick.
        List<Upstream> stuck = Stream.concat(roster.upstreams().stream(), roster.leaving().stream())
                .filter(upstream -> !pickable.contains(upstream) && upstream.inFlight() > 0)
                .toList();
        if (stuck.isEmpty()) {
            return counters.inFlight::get;
        }
        return () -> {
            int rest = counters.inFlight.get();
            for (Upstream upstream : stuck) {
                rest -= upstream.inFlight();
            }
            return rest;
        };
    }
}
