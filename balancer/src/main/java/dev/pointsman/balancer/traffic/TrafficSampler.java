package dev.pointsman.balancer.traffic;

import dev.pointsman.balancer.metrics.MeterReading;
import dev.pointsman.balancer.metrics.MeterSource;
import dev.pointsman.balancer.metrics.MeterVisitor;
import dev.pointsman.pool.Upstream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The traffic of the last few seconds, by looks at the meters: what they have counted more than at the look before. To be looked
 * once a second while somebody wants to know, else every {@link TrafficHistory#STEP}. A look costs little for what has
 * counted nothing since the last one; copies are made of the buckets alone that anything fell into. For one thread.
 */
public final class TrafficSampler {
    /** How far back rates and quantiles go, or to the look before the last if that is longer ago. */
    public static final Duration WINDOW = Duration.ofSeconds(5);

    /** By so much a look may come early, as timers do. */
    static final long SLACK = Duration.ofMillis(500).toNanos();

    private static final String NONE = "";

    private final TrafficHistory history = new TrafficHistory();
    private final Map<String, Map<String, Series>> routes = new HashMap<>();
    private final IdentityHashMap<Upstream, Series> instances = new IdentityHashMap<>();
    private final DenseTimes scratch = new DenseTimes();
    private final TrafficSum sum = new TrafficSum();
    private final Deque<Long> looks = new ArrayDeque<>();
    private @Nullable MeterSource meters;
    private long lastPoint;

    private final MeterVisitor finder = new MeterVisitor() {
        @Override
        public void route(String route, String service, MeterReading reading) {
            routes.computeIfAbsent(route, first -> new HashMap<>(2))
                    .computeIfAbsent(service, first -> new Series())
                    .found(reading);
        }

        @Override
        public void instance(Upstream upstream, MeterReading reading) {
            instances.computeIfAbsent(upstream, first -> new Series()).found(reading);
        }
    };

    /**
     * Looks at the meters.
     *
     * @param now those of this moment; null while nothing is counted, which forgets the last seconds
     * @param nanos the time, for differences
     * @param at the same time of day
     */
    public void look(@Nullable MeterSource now, long nanos, Instant at) {
        if (now != meters) {
            routes.clear();
            instances.clear();
            looks.clear();
            meters = now;
        }
        if (now == null) {
            return;
        }
        boolean isFirst = looks.isEmpty();
        long from = isFirst ? nanos : looks.getLast();
        if (isFirst) {
            lastPoint = nanos;
        }
        forgetLooksBefore(nanos - WINDOW.toNanos() - SLACK);
        long since = looks.isEmpty() ? nanos : looks.getFirst();
        long keptSince = since - lastPoint < 0 ? since : lastPoint;
        now.visit(finder);
        for (Map<String, Series> services : routes.values()) {
            look(services.values(), from, keptSince, isFirst);
        }
        routes.values().removeIf(Map::isEmpty);
        look(instances.values(), from, keptSince, isFirst);
        looks.addLast(nanos);
        if (nanos - lastPoint >= TrafficHistory.STEP.toNanos() - SLACK) {
            point(nanos, at);
        }
    }

    private void look(Collection<Series> all, long from, long keptSince, boolean isFirst) {
        all.removeIf(series -> !series.isThere());
        all.forEach(series -> series.look(from, keptSince, isFirst, scratch));
    }

    /** But for the last one, which there is always a difference to. */
    private void forgetLooksBefore(long nanos) {
        while (looks.size() > 1 && looks.getFirst() - nanos < 0) {
            looks.removeFirst();
        }
    }

    private void point(long nanos, Instant at) {
        double seconds = (nanos - lastPoint) / 1e9;
        Map<String, List<Series>> active = new HashMap<>();
        routes.values()
                .forEach(services -> services.forEach((service, series) -> {
                    if (series.isActive()) {
                        active.computeIfAbsent(service, first -> new ArrayList<>())
                                .add(series);
                    }
                }));
        Map<String, Traffic> byService = new HashMap<>();
        active.forEach((service, series) -> {
            sum.clear();
            series.forEach(each -> each.addTo(sum, lastPoint));
            byService.put(service, sum.over(seconds));
        });
        byService.remove(NONE);
        sum.clear();
        active.values().forEach(series -> series.forEach(each -> each.addTo(sum, lastPoint)));
        history.add(at, sum.over(seconds), byService);
        lastPoint = nanos;
    }

    /** The traffic of the last minutes. */
    public TrafficHistory history() {
        return history;
    }

    /** All requests, those included that no route took. */
    public Traffic all() {
        sum.clear();
        routes.values().forEach(services -> services.values().forEach(this::add));
        return traffic();
    }

    /** The requests that no route took. */
    public Traffic unrouted() {
        return service(NONE, List.of(NONE));
    }

    /** The requests that some routes sent to a service. */
    public Traffic service(String service, Collection<String> ofRoutes) {
        sum.clear();
        for (String route : ofRoutes) {
            add(routes.getOrDefault(route, Map.of()).get(service));
        }
        return traffic();
    }

    /** The attempts at an instance. */
    public Traffic instance(Upstream upstream) {
        sum.clear();
        add(instances.get(upstream));
        return traffic();
    }

    private void add(@Nullable Series series) {
        if (series != null && series.isActive()) {
            series.addTo(sum, looks.getFirst());
        }
    }

    private Traffic traffic() {
        return looks.size() < 2 ? Traffic.UNKNOWN : sum.over((looks.getLast() - looks.getFirst()) / 1e9);
    }
}
