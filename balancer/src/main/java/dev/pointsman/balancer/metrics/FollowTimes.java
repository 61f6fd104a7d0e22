package dev.pointsman.balancer.metrics;

import dev.pointsman.pool.Pool;
import dev.pointsman.pool.PoolSnapshot;
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
    private final IdentityHashMap<Pool, Newcomers> known = new IdentityHashMap<>();

    /** The instances that a pool got after it began, and that have had no request yet. */
    private static final class Newcomers {
        private PoolSnapshot seen;
        private final Set<Upstream> waiting = new HashSet<>();

        Newcomers(PoolSnapshot first) {
            seen = first;
        }

        /** Does nothing where the pool has not changed, which is what most looks find. */
        void see(PoolSnapshot now) {
            if (now == seen) {
                return;
            }
            Set<Upstream> listed = new HashSet<>(now.upstreams());
            waiting.retainAll(listed);
            seen.upstreams().forEach(listed::remove);
            waiting.addAll(listed);
            seen = now;
        }

        void count(DurationMeter times) {
            if (!waiting.isEmpty()) {
                waiting.removeIf(upstream -> {
                    long after = upstream.firstPickAfterNanos();
                    if (after >= 0) {
                        times.record(after);
                    }
                    return after >= 0;
                });
            }
        }
    }

    /** Nothing counted yet. */
    public FollowTimes(Buckets buckets) {
        this.buckets = buckets;
        this.times = new DurationMeter(buckets);
    }

    /** Looks at the instances of all pools; to be called about every second. */
    public void look(Collection<Pool> pools) {
        for (Pool pool : pools) {
            Newcomers newcomers = known.computeIfAbsent(pool, fresh -> new Newcomers(fresh.snapshot()));
            newcomers.see(pool.snapshot());
            newcomers.count(times);
        }
        if (known.size() > pools.size()) {
            Set<Pool> all = Collections.newSetFromMap(new IdentityHashMap<>());
            all.addAll(pools);
            known.keySet().retainAll(all);
        }
    }

    /** What was counted so far. */
    public DurationCounts counts() {
        DurationCounts all = new DurationCounts(buckets);
        times.addTo(all);
        return all;
    }
}
