package dev.pointsman.balancer.metrics;

import dev.pointsman.balancer.metrics.TrafficMeters.RouteName;
import dev.pointsman.pool.Upstream;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The counts of routes and upstreams that are no more, which are forgotten after a while: a scrape must have had the chance to
 * read their last, and a route may come back. One thread looks.
 */
public final class GoneSeries {
    /** For so long they stay. */
    public static final Duration KEPT = Duration.ofMinutes(10);

    private final TrafficMeters meters;
    private final Map<Object, Long> missing = new HashMap<>();

    /** Of these meters, of which nothing is missing yet. */
    public GoneSeries(TrafficMeters meters) {
        this.meters = meters;
    }

    /**
     * Forgets what has been missing for long enough.
     *
     * @param upstreams those that there are
     * @param routes those that there are, each with each of its services, and with none
     * @param nanos the time now
     */
    public void look(Set<Upstream> upstreams, Set<RouteName> routes, long nanos) {
        Set<Object> gone = new HashSet<>(meters.upstreams());
        gone.addAll(meters.routeNames());
        gone.removeAll(upstreams);
        gone.removeAll(routes);
        missing.keySet().retainAll(gone);
        gone.forEach(each -> missing.putIfAbsent(each, nanos));
        Set<Object> over = new HashSet<>();
        missing.forEach((each, since) -> {
            if (nanos - since >= KEPT.toNanos()) {
                over.add(each);
            }
        });
        missing.keySet().removeAll(over);
        meters.forget(over);
    }
}
