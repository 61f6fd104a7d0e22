package dev.pointsman.balancer.metrics;

import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.InstanceKey;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The meters of all event loops, and what they add up to. Thread-safe. */
public final class TrafficMeters implements MeterSource {
    private final Buckets buckets;
    private final List<LoopMeters> loops = new CopyOnWriteArrayList<>();

    /** What forgotten upstreams of a name have counted, while there are others of that name. Guarded by itself, as is forgetting. */
    private final Map<InstanceName, InstanceMeter> retired = new HashMap<>();

    /** Whose requests are counted together; both empty for what no route takes. */
    public record RouteName(String route, String service) implements Comparable<RouteName> {
        private static final Comparator<RouteName> ORDER =
                Comparator.comparing(RouteName::route).thenComparing(RouteName::service);

        @Override
        public int compareTo(RouteName other) {
            return ORDER.compare(this, other);
        }
    }

    /** An instance, for one of the services whose requests it gets. */
    public record InstanceName(String service, InstanceKey key) implements Comparable<InstanceName> {
        private static final Comparator<InstanceName> ORDER = Comparator.comparing(InstanceName::service)
                .thenComparing(name -> name.key().id())
                .thenComparing(name -> name.key().node());

        @Override
        public int compareTo(InstanceName other) {
            return ORDER.compare(this, other);
        }
    }

    /** No meters yet. */
    public TrafficMeters(Buckets buckets) {
        this.buckets = buckets;
    }

    public Buckets buckets() {
        return buckets;
    }

    /** The meters of one more event loop. */
    public LoopMeters addLoop() {
        LoopMeters added = new LoopMeters(buckets);
        loops.add(added);
        return added;
    }

    /** What all loops have counted so far, by route and service, in order. */
    public Map<RouteName, RouteCounts> routes() {
        Map<RouteName, RouteCounts> all = new TreeMap<>();
        for (LoopMeters loop : loops) {
            loop.routes()
                    .forEach((route, services) -> services.forEach((service, meter) -> meter.addTo(
                            all.computeIfAbsent(new RouteName(route, service), first -> new RouteCounts(buckets)))));
        }
        return all;
    }

    /** What all loops have counted so far, by instance, in order. */
    public Map<InstanceName, UpstreamCounts> instances() {
        Map<InstanceName, UpstreamCounts> all = new TreeMap<>();
        synchronized (retired) {
            for (LoopMeters loop : loops) {
                loop.instances()
                        .forEach((upstream, meter) -> meter.addTo(
                                all.computeIfAbsent(nameOf(upstream, meter), first -> new UpstreamCounts(buckets))));
            }
            retired.forEach(
                    (name, meter) -> meter.addTo(all.computeIfAbsent(name, first -> new UpstreamCounts(buckets))));
        }
        return all;
    }

    @Override
    public void visit(MeterVisitor visitor) {
        for (LoopMeters loop : loops) {
            loop.routes()
                    .forEach((route, services) ->
                            services.forEach((service, meter) -> visitor.route(route, service, meter)));
            loop.instances().forEach(visitor::instance);
        }
    }

    /** The upstreams that anything was counted of. */
    Set<Upstream> upstreams() {
        Set<Upstream> all = new HashSet<>();
        loops.forEach(loop -> all.addAll(loop.instances().keySet()));
        return all;
    }

    /** The routes and their services that anything was counted of, without what no route took. */
    Set<RouteName> routeNames() {
        Set<RouteName> all = new HashSet<>();
        loops.forEach(loop -> loop.routes().forEach((route, services) -> services.keySet()
                .forEach(service -> all.add(new RouteName(route, service)))));
        all.removeIf(name -> name.route().equals(LoopMeters.NONE));
        return all;
    }

    /**
     * Forgets these upstreams and routes. What an upstream has counted stays as long as another one of its name has
     * counted anything, as an instance that came back has, or that is in a new pool: a series may begin anew, and not lose a part, which
     * whoever reads it takes for a beginning as well. Should requests come all the same, they are counted from zero.
     */
    void forget(Set<Object> gone) {
        synchronized (retired) {
            for (LoopMeters loop : loops) {
                loop.forgetRoutes(gone);
                loop.instances().forEach((upstream, meter) -> {
                    if (gone.contains(upstream) && loop.instances().remove(upstream, meter)) {
                        retired.computeIfAbsent(
                                        nameOf(upstream, meter), first -> new InstanceMeter(first.service(), buckets))
                                .addAll(meter);
                    }
                });
            }
            retired.keySet().retainAll(countedNames());
        }
    }

    private Set<InstanceName> countedNames() {
        Set<InstanceName> all = new HashSet<>();
        loops.forEach(loop -> loop.instances().forEach((upstream, meter) -> all.add(nameOf(upstream, meter))));
        return all;
    }

    private static InstanceName nameOf(Upstream upstream, InstanceMeter meter) {
        return new InstanceName(meter.service(), upstream.key());
    }
}
