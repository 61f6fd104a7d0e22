package dev.pointsman.balancer;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.metrics.Buckets;
import dev.pointsman.balancer.metrics.DurationCounts;
import dev.pointsman.balancer.metrics.FollowTimes;
import dev.pointsman.balancer.metrics.GoneSeries;
import dev.pointsman.balancer.metrics.LoopMeters;
import dev.pointsman.balancer.metrics.TrafficMeters;
import dev.pointsman.balancer.metrics.TrafficMeters.RouteName;
import dev.pointsman.pool.Pool;
import dev.pointsman.pool.Upstream;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What counts the requests of all event loops, as long as the buckets of times stay the same; then anew. Thread-safe. */
final class RequestMetering {
    private volatile Meters meters;
    private volatile boolean counts;

    private record Meters(TrafficMeters traffic, FollowTimes followed, GoneSeries gone) {
        static Meters in(Buckets buckets) {
            TrafficMeters traffic = new TrafficMeters(buckets);
            return new Meters(traffic, new FollowTimes(buckets), new GoneSeries(traffic));
        }
    }

    /** The meters of one event loop. For that loop. */
    private static final class MetersOfLoop {
        private @Nullable TrafficMeters of;
        private @Nullable LoopMeters meters;

        LoopMeters in(TrafficMeters traffic) {
            LoopMeters known = meters;
            if (known == null || of != traffic) {
                known = traffic.addLoop();
                of = traffic;
                meters = known;
            }
            return known;
        }
    }

    RequestMetering(BalancerConfig config) {
        this.meters = Meters.in(new Buckets(config.observation().buckets()));
        this.counts = config.observation().metrics();
    }

    /** Takes the buckets of another configuration, before the event loops do. */
    void prepare(BalancerConfig next) {
        counts = next.observation().metrics();
        Buckets buckets = new Buckets(next.observation().buckets());
        if (!buckets.equals(meters.traffic().buckets())) {
            meters = Meters.in(buckets);
        }
    }

    /** The meters of one more event loop, under each configuration that comes; null where nothing is to be counted. */
    Function<BalancerConfig, @Nullable LoopMeters> ofNextLoop() {
        MetersOfLoop loop = new MetersOfLoop();
        return config -> config.observation().metrics() ? loop.in(meters.traffic()) : null;
    }

    /** What is counted; null where the settings have nothing counted. */
    @Nullable
    TrafficMeters counted() {
        return counts ? meters.traffic() : null;
    }

    /** What was counted. */
    TrafficMeters traffic() {
        return meters.traffic();
    }

    /** The times in which changes of the registry were followed. */
    DurationCounts followTimes() {
        return meters.followed().counts();
    }

    /** Looks at how fast changes are followed; to be called about every second, on one thread. */
    void look(Collection<Pool> pools) {
        meters.followed().look(pools);
    }

    /**
     * Forgets what was counted of instances and routes that are no more; to be called about every minute, on that thread.
     *
     * @param routes those that there are, each with each of its services, and with none
     */
    void forgetGone(Collection<Pool> pools, Set<RouteName> routes, long nanos) {
        Set<Upstream> upstreams = new HashSet<>();
        pools.forEach(pool -> upstreams.addAll(pool.snapshot().upstreams()));
        meters.gone().look(upstreams, routes, nanos);
    }
}
