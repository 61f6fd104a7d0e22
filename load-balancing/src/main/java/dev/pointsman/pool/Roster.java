package dev.pointsman.pool;

import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.ServiceView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Who belongs to a pool, going by the registry's views: upstreams join, take newer facts, and leave. Changed by the writer
 * alone; the lists may be read by anyone.
 */
final class Roster {
    private final Outliers outliers;
    private final SlowStart slowStart;
    private final PoolLog log;
    private final BiFunction<Instance, Boolean, Upstream> newUpstream;
    /** Gone, perhaps not yet finished. */
    private volatile List<Upstream> leaving = List.of();

    private volatile List<Upstream> upstreams = List.of();
    private boolean viewed;

    /**
     * An empty one.
     *
     * @param newUpstream makes an upstream of an instance, held or not
     */
    Roster(Outliers outliers, SlowStart slowStart, PoolLog log, BiFunction<Instance, Boolean, Upstream> newUpstream) {
        this.outliers = outliers;
        this.slowStart = slowStart;
        this.log = log;
        this.newUpstream = newUpstream;
    }

    /** All of them, sorted by key. */
    List<Upstream> upstreams() {
        return upstreams;
    }

    /** Those that left and had something in flight when that was last looked at. */
    List<Upstream> leaving() {
        return leaving;
    }

    void take(ServiceView view, long now) {
        PoolDiff diff = PoolDiff.between(upstreams, view);
        List<Upstream> next = new ArrayList<>();
        for (PoolDiff.Kept kept : diff.kept()) {
            update(kept, view.retained().contains(kept.upstream().key()), now);
            next.add(kept.upstream());
        }
        for (Instance instance : diff.added()) {
            next.add(join(instance, view.retained().contains(instance.key()), now));
        }
        next.forEach(upstream -> upstream.unverified(view.stale().contains(upstream.key())));
        viewed = true;
        // Not the ones of this view: a request that has just read the old snapshot may still begin on them.
        List<Upstream> stillLeaving = new ArrayList<>(leaving);
        stillLeaving.removeIf(upstream -> upstream.inFlight() == 0);
        for (Upstream upstream : diff.removed()) {
            upstream.leave();
            slowStart.left(upstream);
            stillLeaving.add(upstream);
            log.left(upstream);
        }
        leaving = List.copyOf(stillLeaving);
        next.sort(Comparator.comparing(Upstream::key));
        upstreams = List.copyOf(next);
    }

    private Upstream join(Instance instance, boolean held, long now) {
        Upstream upstream = newUpstream.apply(instance, held);
        slowStart.joined(upstream, !viewed, now);
        sayBadWeight(upstream);
        return upstream;
    }

    private void update(PoolDiff.Kept kept, boolean held, long now) {
        Upstream upstream = kept.upstream();
        Instance before = upstream.instance();
        boolean changed = kept.changed();
        boolean heldBefore = upstream.held();
        upstream.take(kept.facts(), held);
        if (held && !heldBefore) {
            log.held(upstream);
        }
        if (!changed) {
            return;
        }
        if (!before.meta().equals(kept.facts().meta())) {
            sayBadWeight(upstream);
        }
        if (!StartTime.isSameProcess(before, kept.facts())) {
            upstream.standing().reset(now);
            slowStart.joined(upstream, false, now);
            log.replaced(upstream);
        } else if (before.health() == Health.CRITICAL && kept.facts().health().compareTo(Health.CRITICAL) < 0) {
            outliers.releaseEarly(upstream.standing(), now);
        }
    }

    private void sayBadWeight(Upstream upstream) {
        if (Weighing.hasBadWeight(upstream.instance())) {
            log.badWeight(upstream);
        }
    }
}
