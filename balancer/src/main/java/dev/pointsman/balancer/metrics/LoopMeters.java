package dev.pointsman.balancer.metrics;

import dev.pointsman.balancer.metrics.TrafficMeters.RouteName;
import dev.pointsman.balancer.observe.ObservedAttempt;
import dev.pointsman.balancer.observe.ObservedRequest;
import dev.pointsman.balancer.observe.RequestObserver;
import dev.pointsman.pool.Upstream;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The meters of one event loop, which writes them; any thread reads. */
public final class LoopMeters implements RequestObserver {
    /** What stands for no route and no service. */
    static final String NONE = "";

    private final Buckets buckets;
    private final Map<String, Map<String, RouteMeter>> routes = new ConcurrentHashMap<>();
    private final Map<Upstream, InstanceMeter> instances = new ConcurrentHashMap<>();

    LoopMeters(Buckets buckets) {
        this.buckets = buckets;
    }

    @Override
    public void attemptEnded(ObservedAttempt attempt) {
        Upstream upstream = attempt.upstream();
        InstanceMeter meter = instances.get(upstream);
        if (meter == null) {
            meter = new InstanceMeter(Objects.requireNonNullElse(attempt.service(), NONE), buckets);
            instances.put(upstream, meter);
        }
        meter.ended(attempt);
    }

    @Override
    public void requestEnded(ObservedRequest request) {
        String route = Objects.requireNonNullElse(request.observedRoute(), NONE);
        String service = Objects.requireNonNullElse(request.service(), NONE);
        Map<String, RouteMeter> services = routes.get(route);
        RouteMeter meter = services == null ? null : services.get(service);
        (meter == null ? make(route, service) : meter).ended(request);
    }

    private RouteMeter make(String route, String service) {
        return routes.computeIfAbsent(route, first -> new ConcurrentHashMap<>(2))
                .computeIfAbsent(service, first -> new RouteMeter(buckets));
    }

    Map<String, Map<String, RouteMeter>> routes() {
        return routes;
    }

    /** Forgets those of these routes; what is counted of one at the same moment may be lost with it. */
    void forgetRoutes(Set<Object> gone) {
        routes.forEach((route, services) ->
                services.keySet().removeIf(service -> gone.contains(new RouteName(route, service))));
        routes.values().removeIf(Map::isEmpty);
    }

    Map<Upstream, InstanceMeter> instances() {
        return instances;
    }
}
