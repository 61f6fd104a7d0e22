package dev.pointsman.pool;

import dev.pointsman.registry.Instance;
import dev.pointsman.registry.ServiceView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The upstreams of one target. One writer at a time calls {@link #apply}; anyone may read {@link #snapshot()} at any
 * time, at the cost of one volatile read.
 */
public final class Pool {
    private static final Logger log = LoggerFactory.getLogger(Pool.class);

    private final String target;
    private final PickPolicy policy;
    private final AtomicInteger inFlight = new AtomicInteger();
    /** Gone, perhaps not yet finished. The writer's alone. */
    private final List<Upstream> leaving = new ArrayList<>();

    private volatile PoolSnapshot snapshot;

    /**
     * An empty pool.
     *
     * @param target the tag or service name
     * @param policy how to pick; for this pool alone, see {@link PickPolicy}
     */
    public Pool(String target, PickPolicy policy) {
        this.target = target;
        this.policy = policy;
        this.snapshot = new PoolSnapshot(target, List.of(), List.of(), policy.build(List.of(), () -> 0));
    }

    public String target() {
        return target;
    }

    public PoolSnapshot snapshot() {
        return snapshot;
    }

    /** Takes over what the registry says now and publishes it as one new snapshot. */
    public void apply(ServiceView view) {
        PoolDiff diff = PoolDiff.between(snapshot.upstreams(), view);
        List<Upstream> upstreams = new ArrayList<>();
        for (PoolDiff.Kept kept : diff.kept()) {
            takeFacts(kept, view.held().contains(kept.upstream().key()));
            upstreams.add(kept.upstream());
        }
        for (Instance instance : diff.added()) {
            Upstream upstream = new Upstream(instance, view.held().contains(instance.key()), inFlight);
            upstreams.add(upstream);
            log.info("{}: {} joined, {}", target, upstream, stateOf(upstream));
        }
        // Not the ones of this view: a request that has just read the old snapshot may still begin on them.
        leaving.removeIf(upstream -> upstream.inFlight() == 0);
        for (Upstream upstream : diff.removed()) {
            upstream.leave();
            leaving.add(upstream);
            log.info("{}: {} left, {} in flight", target, upstream, upstream.inFlight());
        }
        upstreams.sort(Comparator.comparing(Upstream::key));
        publish(List.copyOf(upstreams));
    }

    private void takeFacts(PoolDiff.Kept kept, boolean held) {
        Upstream upstream = kept.upstream();
        Availability before = upstream.availability();
        boolean heldBefore = upstream.held();
        boolean moved = kept.changed()
                && !upstream.instance().authority().equals(kept.facts().authority());
        upstream.take(kept.facts(), held);
        if (before != upstream.availability() || moved) {
            log.info("{}: {} is now {}", target, upstream, stateOf(upstream));
        }
        if (held && !heldBefore) {
            log.warn(
                    "{}: {} is not listed any more by a registry that lost its memory; kept for now", target, upstream);
        }
    }

    private static String stateOf(Upstream upstream) {
        String reason = upstream.instance().healthReason();
        String state = upstream.availability().name().toLowerCase(Locale.ROOT);
        return reason.isEmpty() ? state : state + " (" + reason + ")";
    }

    private void publish(List<Upstream> upstreams) {
        List<Upstream> ready = upstreams.stream()
                .filter(upstream -> upstream.availability() == Availability.READY)
                .toList();
        List<Upstream> unready = Stream.concat(upstreams.stream(), leaving.stream())
                .filter(upstream -> upstream.availability() != Availability.READY)
                .toList();
        snapshot = new PoolSnapshot(target, upstreams, ready, policy.build(ready, readyInFlight(unready)));
    }

    /** The pool's in-flight count less what is stuck on upstreams that are not picked from anyhow. */
    private IntSupplier readyInFlight(List<Upstream> unready) {
        if (unready.isEmpty()) {
            return inFlight::get;
        }
        return () ->
                inFlight.get() - unready.stream().mapToInt(Upstream::inFlight).sum();
    }
}
