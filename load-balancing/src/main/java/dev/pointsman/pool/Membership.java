package dev.pointsman.pool;

import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * The upstreams that belong to a pool by the registry's views: they join, take newer facts, and leave. Changed by the pool's
 * writer alone; the lists may be read by any thread.
 */
final class Membership {
    private final Outliers outliers;
    private final SlowStart slowStart;
    private final PoolLog log;
    private final BiFunction<Instance, Boolean, Upstream> newUpstream;
    /** The upstreams that left, perhaps with attempts still in flight. */
    private volatile List<Upstream> leaving = List.of();

    private volatile List<Upstream> upstreams = List.of();
    private volatile EjectedInstances known = EjectedInstances.NONE;
    /** Why instances are drained, those included that are not listed. */
    private final Map<InstanceKey, String> drained = new HashMap<>();

    private boolean viewed;

    /**
     * A membership without upstreams.
     *
     * @param newUpstream makes an upstream of an instance, which may be a retained one
     */
    Membership(
            Outliers outliers, SlowStart slowStart, PoolLog log, BiFunction<Instance, Boolean, Upstream> newUpstream) {
        this.outliers = outliers;
        this.slowStart = slowStart;
        this.log = log;
        this.newUpstream = newUpstream;
    }

    /** What others know of the instances of the first view. */
    void known(EjectedInstances ejected) {
        known = ejected;
    }

    /**
     * Has an instance be drained whenever it is listed, from now on.
     *
     * @return those that are listed and were not drained before, which the caller closes once they are in no snapshot
     */
    List<Upstream> drain(InstanceKey key, String why) {
        drained.put(key, why);
        List<Upstream> concerned = upstreams.stream()
                .filter(upstream -> upstream.key().equals(key) && !upstream.isDrained())
                .toList();
        concerned.forEach(upstream -> upstream.drain(true, why));
        return concerned;
    }

    /** Has an instance not be drained any more; returns those that are listed, drained before or not. */
    List<Upstream> readmit(InstanceKey key, String why) {
        drained.remove(key);
        List<Upstream> concerned = upstreams.stream()
                .filter(upstream -> upstream.key().equals(key))
                .toList();
        for (Upstream upstream : concerned) {
            if (upstream.isDrained()) {
                upstream.close(false);
                upstream.drain(false, why);
            }
        }
        return concerned;
    }

    /** All upstreams, sorted by key. */
    List<Upstream> upstreams() {
        return upstreams;
    }

    /** The upstreams that left and had something in flight when that was last looked at. */
    List<Upstream> leaving() {
        return leaving;
    }

    /** Takes over a view, and returns the upstreams that leave by it, which the caller marks so once they are in no snapshot. */
    List<Upstream> take(ServiceView view, long now) {
        PoolDiff diff = PoolDiff.between(upstreams, view);
        List<Upstream> next = new ArrayList<>();
        List<Upstream> newlyRetained = new ArrayList<>();
        for (PoolDiff.Survivor survivor : diff.survivors()) {
            if (!survivor.upstream().retained()
                    && view.retained().contains(survivor.upstream().key())) {
                newlyRetained.add(survivor.upstream());
            }
            update(survivor, view.retained().contains(survivor.upstream().key()), now);
            next.add(survivor.upstream());
        }
        for (Instance instance : diff.added()) {
            next.add(join(instance, view.retained().contains(instance.key()), now));
        }
        next.forEach(upstream -> upstream.stale(view.stale().contains(upstream.key())));
        viewed = true;
        known = EjectedInstances.NONE;
        log.retained(newlyRetained);
        // Not the ones of this view: requests may begin on them until they are marked as left.
        List<Upstream> stillLeaving = new ArrayList<>(leaving);
        stillLeaving.removeIf(upstream -> upstream.inFlight() == 0);
        for (Upstream upstream : diff.removed()) {
            slowStart.left(upstream);
            stillLeaving.add(upstream);
            log.left(upstream);
        }
        leaving = List.copyOf(stillLeaving);
        next.sort(Comparator.comparing(Upstream::key));
        upstreams = List.copyOf(next);
        return diff.removed();
    }

    private Upstream join(Instance instance, boolean retained, long now) {
        Upstream upstream = newUpstream.apply(instance, retained);
        OutlierState judged = known.of(instance);
        if (judged != null) {
            outliers.inherit(upstream.outlierState(), judged, now);
        }
        slowStart.joined(upstream, !viewed, now);
        warnOfBadWeight(upstream);
        String order = drained.get(instance.key());
        if (order != null) {
            upstream.drain(true, order);
            upstream.close(true);
        }
        return upstream;
    }

    private void update(PoolDiff.Survivor survivor, boolean retained, long now) {
        Upstream upstream = survivor.upstream();
        Instance before = upstream.instance();
        boolean changed = survivor.changed();
        upstream.take(survivor.facts(), retained);
        if (!changed) {
            return;
        }
        if (!before.meta().equals(survivor.facts().meta())) {
            warnOfBadWeight(upstream);
        }
        if (!StartTime.isSameProcess(before, survivor.facts())) {
            upstream.outlierState().reset(now);
            slowStart.joined(upstream, false, now);
            log.restarted(upstream);
        } else if (before.health() == Health.CRITICAL
                && survivor.facts().health().compareTo(Health.CRITICAL) < 0) {
            outliers.releaseEarly(upstream.outlierState(), now);
        }
    }

    private void warnOfBadWeight(Upstream upstream) {
        if (InstanceWeight.hasBadWeight(upstream.instance())) {
            log.badWeight(upstream);
        }
    }
}
