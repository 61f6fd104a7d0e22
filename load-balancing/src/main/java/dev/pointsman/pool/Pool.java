package dev.pointsman.pool;

import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceView;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The upstreams of one target: the instances that the registry lists for it, with what this process knows of them.
 * Thread-safe: views, outcomes and the passing of time change it one at a time, on whichever thread they come
 * ({@link SerialExecutor}); any thread may read {@link #snapshot()} at any time, at the cost of one volatile read while no
 * change by the passing of time is due.
 *
 * <p>No timer runs. An ejection that is over, or a share that rises, is dealt with when a snapshot is asked for, that is,
 * when it could make a difference.
 */
public final class Pool {
    private final String target;
    private final PickPolicy policy;
    private final PoolOptions options;
    private final PoolTime time;
    private final PoolLog log;
    private final Outliers outliers;
    private final ErrorRates errorRates;
    private final SlowStart slowStart;
    private final Membership membership;
    private final PoolCounters counters = new PoolCounters();
    private final SerialExecutor writer = new SerialExecutor();

    private volatile Published published;

    /**
     * The newest snapshot, with what else is published at the same moment.
     *
     * @param expires whether it has to be replaced at a certain time
     * @param expiry that time, in nanoseconds of the pool's clock
     */
    private record Published(PoolSnapshot snapshot, boolean expires, long expiry) {}

    /**
     * An empty pool in which the registry alone decides which upstreams are picked.
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
     * @param listener called with each change of an upstream's state, once, one at a time and on any thread; must not block
     */
    public Pool(String target, PickPolicy policy, PoolOptions options, PoolTime time, Consumer<StateChange> listener) {
        this(target, policy, options, time, listener, LoggerFactory.getLogger(Pool.class));
    }

    /**
     * An empty pool whose changes another logger is told.
     *
     * @param logger such as one that says nothing, for a pool that is of nobody's concern
     */
    public Pool(
            String target,
            PickPolicy policy,
            PoolOptions options,
            PoolTime time,
            Consumer<StateChange> listener,
            Logger logger) {
        this.target = target;
        this.policy = policy;
        this.options = options;
        this.time = time;
        this.log = new PoolLog(logger, target, listener, time.wall());
        this.outliers = new Outliers(options.outliers());
        this.errorRates = new ErrorRates(options.outliers().errorRate(), time.nanos());
        this.slowStart = new SlowStart(options.slowStart(), time);
        this.membership = new Membership(
                outliers,
                slowStart,
                log,
                (instance, retained) -> new Upstream(
                        instance, retained, counters, this::attemptEnded, options.maxInFlight(), time.nanos()));
        Candidates none = Candidates.of(List.of(), false);
        Picker picker = policy.build(none.ready(), () -> 0);
        this.published = new Published(
                new PoolSnapshot(target, List.of(), none, picker, counters.failOpenPicks, this::snapshot), false, 0);
    }

    public String target() {
        return target;
    }

    /** The newest snapshot. If the passing of time has changed the pool since, publishes a new one first. */
    public PoolSnapshot snapshot() {
        Published newest = published;
        if (isExpired(newest)) {
            writer.run(this::replaceExpired);
            newest = published;
        }
        return newest.snapshot();
    }

    private boolean isExpired(Published what) {
        return what.expires() && time.nanos().getAsLong() - what.expiry() >= 0;
    }

    /** The counts since the pool was made. */
    public PoolStatistics statistics() {
        return counters.statistics();
    }

    /**
     * Has instances of the first view be ejected from the beginning, as others have ejected them: a pool that takes the place
     * of another because its settings are new must not send requests where the other one would not. Before the first view.
     */
    public void inherit(EjectedInstances ejected) {
        membership.known(ejected);
    }

    /**
     * Takes over a view of the registry and publishes it as one new snapshot: before this returns, or moments later when
     * another thread is changing the pool at that moment.
     */
    public void apply(ServiceView view) {
        writer.run(() -> {
            List<Upstream> left = membership.take(view, time.nanos().getAsLong());
            if (!view.retained().isEmpty()) {
                counters.retainedViews.increment();
            }
            publish();
            // Only now: what a request meets that has left is in no snapshot that it could read instead.
            left.forEach(Upstream::leave);
        });
    }

    /**
     * Takes an instance out of service for this pool alone: no attempt begins at it any more, whatever the registry says of it, until it
     * is {@linkplain #readmit readmitted}; what is in flight finishes. An instance that is not listed is drained from the
     * moment in which it is. Takes effect as {@link #apply} does.
     *
     * @param why who has drained it and when, in one sentence
     */
    public void drain(InstanceKey key, String why) {
        writer.run(() -> {
            List<Upstream> drained = membership.drain(key, why);
            if (!drained.isEmpty()) {
                publish();
                // Only now, as for those that leave.
                drained.forEach(upstream -> upstream.close(true));
            }
        });
    }

    /**
     * Ends what keeps requests from an instance in this process: that it is drained, and that it is ejected. What the registry
     * says of it counts as before. Takes effect as {@link #apply} does.
     *
     * @param why who has readmitted it and when, in one sentence
     */
    public void readmit(InstanceKey key, String why) {
        writer.run(() -> {
            for (Upstream upstream : membership.readmit(key, why)) {
                if (outliers.readmit(upstream.outlierState(), why, time.nanos().getAsLong())) {
                    errorRates.begin(upstream);
                }
            }
            publish();
        });
    }

    /**
     * The number of attempts in flight on instances with this id, those that left the pool included: for a launcher
     * that waits until an instance may be stopped. Once it is 0 for an instance that has left, it stays so.
     *
     * @param node the instance's node, or null for any
     */
    public int inFlightOn(@Nullable String node, String id) {
        // In this order: an upstream that leaves meanwhile is among the leaving ones before it is missing from the
        // others.
        List<Upstream> listed = membership.upstreams();
        return Stream.concat(listed.stream(), membership.leaving().stream())
                .distinct()
                .filter(upstream -> upstream.key().id().equals(id))
                .filter(upstream -> node == null || upstream.key().node().equals(node))
                .mapToInt(Upstream::inFlight)
                .sum();
    }

    private void replaceExpired() {
        // Several threads may have found it expired at the same time.
        if (isExpired(published)) {
            publish();
        }
    }

    private void attemptEnded(Attempt attempt, Outcome outcome) {
        if (outliers.isRelevant(attempt, outcome)) {
            writer.run(() -> note(attempt, outcome));
        }
        if (errorRates.isDue(outcome)) {
            writer.run(this::compareErrorRates);
        }
    }

    private void note(Attempt attempt, Outcome outcome) {
        Upstream upstream = attempt.upstream();
        OutlierState state = upstream.outlierState();
        if (attempt.epoch() != state.epoch() || upstream.availability() == Availability.GONE) {
            return;
        }
        Supplier<EjectedShare> share = () -> EjectedShare.of(membership.upstreams());
        take(outliers.note(attempt, outcome, share, time.nanos().getAsLong()), upstream);
    }

    /** Ejects the upstreams whose attempts end in errors more often than those of the others, the worst one first. */
    private void compareErrorRates() {
        List<Upstream> upstreams = membership.upstreams();
        if (!errorRates.turn(upstreams)) {
            return;
        }
        ErrorRates.Excess worst = errorRates.worst(upstreams);
        Outliers.Change change = Outliers.Change.PHASE;
        while (worst != null && change == Outliers.Change.PHASE) {
            OutlierState state = worst.upstream().outlierState();
            change = outliers.noteRate(
                    state, worst.why(), EjectedShare.of(upstreams), time.nanos().getAsLong());
            take(change, worst.upstream());
            worst = errorRates.worst(upstreams);
        }
        if (worst == null) {
            upstreams.forEach(upstream -> upstream.outlierState().suppressRate(false));
        }
        errorRates.endWindowIfFull(upstreams);
    }

    private void take(Outliers.Change change, Upstream upstream) {
        switch (change) {
            case NONE -> {}
            case PHASE -> {
                if (upstream.outlierState().phase() == OutlierState.Ejection.EJECTED) {
                    upstream.countEjection();
                } else {
                    errorRates.begin(upstream);
                }
                publish();
            }
            case SUPPRESSED -> {
                counters.suppressedEjections.increment();
                log.ejectionSuppressed(upstream, EjectedShare.of(membership.upstreams()));
            }
        }
    }

    private void publish() {
        List<Upstream> upstreams = membership.upstreams();
        long now = time.nanos().getAsLong();
        upstreams.forEach(upstream -> outliers.release(upstream.outlierState(), now));
        Candidates candidates = Candidates.of(upstreams, options.failOpen());
        upstreams.forEach(upstream -> upstream.outlierState()
                .gate(upstream.availability() == Availability.PROBING && !candidates.failOpen()));
        boolean warming = slowStart.warm(candidates.ready(), now);
        counters.pickable = options.passStalled() ? candidates.ready().size() : 0;
        Picker picker = policy.build(candidates.ready(), readyInFlight(candidates.ready()));
        PoolSnapshot snapshot =
                new PoolSnapshot(target, upstreams, candidates, picker, counters.failOpenPicks, this::snapshot);
        OptionalLong lifetime = LongStream.concat(
                        warming ? LongStream.of(slowStart.step()) : LongStream.empty(), ejectedFor(upstreams, now))
                .min();
        published = new Published(snapshot, lifetime.isPresent(), now + lifetime.orElse(0));
        log.states(upstreams);
        log.failOpen(candidates.failOpen(), candidates.ready().size());
        log.backups(candidates.backups(), candidates.ready().size());
    }

    /** The time for which each of the ejected upstreams stays so, in nanoseconds. */
    private static LongStream ejectedFor(List<Upstream> upstreams, long now) {
        return upstreams.stream()
                .map(Upstream::outlierState)
                .filter(state -> state.phase() == OutlierState.Ejection.EJECTED)
                .mapToLong(state -> state.until() - now);
    }

    /** The pool's in-flight count without what is stuck on upstreams that are not picked from. */
    private IntSupplier readyInFlight(List<Upstream> ready) {
        Set<Upstream> pickable = new HashSet<>(ready);
        // Nothing new begins on these, so those that have nothing in flight now need not be asked in each pick.
        List<Upstream> stuck = Stream.concat(membership.upstreams().stream(), membership.leaving().stream())
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
