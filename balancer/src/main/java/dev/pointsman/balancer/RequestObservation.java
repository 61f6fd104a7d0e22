package dev.pointsman.balancer;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.metrics.Buckets;
import dev.pointsman.balancer.metrics.DurationCounts;
import dev.pointsman.balancer.metrics.FollowTimes;
import dev.pointsman.balancer.metrics.GoneSeries;
import dev.pointsman.balancer.metrics.LoopMeters;
import dev.pointsman.balancer.metrics.TrafficMeters;
import dev.pointsman.balancer.observe.LoopObservers;
import dev.pointsman.balancer.observe.RequestObserver;
import dev.pointsman.balancer.observe.RequestTracer;
import dev.pointsman.balancer.trace.SpanCounts;
import dev.pointsman.balancer.trace.Tracing;
import dev.pointsman.balancer.trace.TracingException;
import dev.pointsman.pool.Pool;
import dev.pointsman.pool.Upstream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Those who count, trace and log the requests of all event loops, as the settings have it. Thread-safe. */
final class RequestObservation {
    /** The longest time that a stop takes for spans that are not sent yet. */
    private static final Duration FLUSH = Duration.ofSeconds(2);

    private final Tracing tracing = new Tracing(System::nanoTime, Clock.systemUTC());
    private volatile Metering metering;

    /** What is counted, as long as the buckets stay the same. */
    private record Metering(TrafficMeters traffic, FollowTimes followed, GoneSeries gone) {
        static Metering in(Buckets buckets) {
            TrafficMeters traffic = new TrafficMeters(buckets);
            return new Metering(traffic, new FollowTimes(buckets), new GoneSeries(traffic));
        }
    }

    /** The meters of one event loop, which go on as long as the buckets do. For that loop. */
    private static final class LoopMetering {
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

    RequestObservation(BalancerConfig config) {
        this.metering = Metering.in(new Buckets(config.observation().buckets()));
    }

    /**
     * Makes what a configuration needs that takes its time, before event loops go by it. Blocks.
     *
     * @throws StartException if something of it cannot be made
     */
    void open(BalancerConfig config) throws StartException {
        try {
            tracing.prepare(config.observation().tracing());
        } catch (TracingException noWay) {
            throw new StartException(String.valueOf(noWay.getMessage()));
        }
    }

    /** What became of spans of traces. */
    SpanCounts spans() {
        return tracing.counts();
    }

    /** Finishes what is still to be sent, within a bounded time. Blocks. */
    void close() {
        tracing.close(FLUSH);
    }

    /** Takes another configuration, before the event loops do. */
    void prepare(BalancerConfig next) {
        Buckets buckets = new Buckets(next.observation().buckets());
        if (!buckets.equals(metering.traffic().buckets())) {
            metering = Metering.in(buckets);
        }
    }

    /** The observers of one more event loop, under each configuration that comes. */
    Function<BalancerConfig, LoopObservers> ofNextLoop() {
        LoopMetering loop = new LoopMetering();
        return config -> observers(config, loop);
    }

    private LoopObservers observers(BalancerConfig config, LoopMetering loop) {
        List<RequestObserver> observers = new ArrayList<>();
        if (config.observation().metrics()) {
            observers.add(loop.in(metering.traffic()));
        }
        @Nullable RequestTracer tracer = tracing.ofLoop(config.observation().tracing());
        return new LoopObservers(observers, tracer, System::nanoTime);
    }

    /** What was counted. */
    TrafficMeters traffic() {
        return metering.traffic();
    }

    /** The times in which changes of the registry were followed. */
    DurationCounts followTimes() {
        return metering.followed().counts();
    }

    /** Looks at how fast changes are followed; to be called about every second, on one thread. */
    void look(Collection<Pool> pools) {
        metering.followed().look(pools);
    }

    /**
     * Forgets what was counted of instances and routes that are no more; to be called about every minute, on that thread.
     *
     * @param routes the names of those that there are
     */
    void forgetGone(Collection<Pool> pools, Set<String> routes, long nanos) {
        Set<Upstream> upstreams = new HashSet<>();
        pools.forEach(pool -> upstreams.addAll(pool.snapshot().upstreams()));
        metering.gone().look(upstreams, routes, nanos);
    }
}
