package dev.pointsman.balancer.metrics;

import dev.pointsman.pool.Pool;
import dev.pointsman.pool.Upstream;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * The times from an instance's being listed by the registry to the first request that it gets: a histogram of how fast
 * changes are followed. Instances that were there when their pool began are not in it, as their first request says more
 * about the clients. One thread {@linkplain #look looks}, any thread reads.
 */
public final class FollowTimes {
    private final DurationMeter times;
    private final Buckets buckets;
    private final IdentityHashMap<Pool, Set<Upstream>> known = new IdentityHashMap<>();

    /** Nothing counted yet. */
    public FollowTimes(Buckets buckets) {
        this.buckets = buckets;
        this.times = new DurationMeter(buckets);
    }

    /** Looks at the instances of all pools; to be called about every second. */
    public void look(Collection<Pool> pools) {
        Set<Pool> all = Collections.newSetFromMap(new IdentityHashMap<>());
        all.addAll(pools);
        known.keySet().retainAll(all);
        for (Pool pool : pools) {
            Set<Upstream> now = new HashSet<>(pool.snapshot().upstreams());
            Set<Upstream> counted = known.get(pool);
            if (counted == null) {
                known.put(pool, now);
                continue;
            }
            counted.retainAll(now);
            for (Upstream upstream : now) {
                if (upstream.firstPickAfterNanos() >= 0 && counted.add(upstream)) {
                    times.record(upstream.firstPickAfterNanos());
                }
            }
        }
    }

    /** What was counted so far. */
    public DurationCounts counts() {
        DurationCounts all = new DurationCounts(buckets);
        times.addTo(all);
        return all;
    }
}
