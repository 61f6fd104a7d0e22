package dev.pointsman.balancer.traffic;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The traffic of the last 15 minutes in steps of 5 s, of each service and of all together. A service takes 3 kB from its first
 * request on, and nothing any more when its last one is 15 minutes ago; there are {@value #MOST_SERVICES} at most, and those
 * that come after them are not kept. For one thread.
 */
public final class TrafficHistory {
    /** The time between two points. */
    public static final Duration STEP = Duration.ofSeconds(5);

    /** How many points are kept. */
    public static final int POINTS = 180;

    static final int MOST_SERVICES = 2_000;

    private static final int VALUES = 4;

    private final long[] times = new long[POINTS];
    private final Ring all = new Ring();
    private final Map<String, Ring> services = new HashMap<>();
    private int points;
    private int next;

    /** The traffic in the step that ended at a time. */
    public record HistoryPoint(Instant at, Traffic traffic) {}

    private static final class Ring {
        private final float[] values = new float[POINTS * VALUES];
        private int idle;

        Ring() {
            for (int i = 0; i < POINTS; i++) {
                set(i, Traffic.NONE);
            }
        }

        void set(int point, Traffic traffic) {
            idle = traffic.rate() > 0 ? 0 : idle + 1;
            values[point * VALUES] = (float) traffic.rate();
            values[point * VALUES + 1] = (float) traffic.errors();
            values[point * VALUES + 2] = (float) traffic.p50Millis();
            values[point * VALUES + 3] = (float) traffic.p99Millis();
        }

        Traffic get(int point) {
            float[] four = Arrays.copyOfRange(values, point * VALUES, (point + 1) * VALUES);
            return new Traffic(four[0], four[1], four[2], four[3]);
        }
    }

    /**
     * Adds a point.
     *
     * @param ofAll the traffic of all services, and of what went to none
     * @param active the traffic of the services that had any
     */
    void add(Instant at, Traffic ofAll, Map<String, Traffic> active) {
        times[next] = at.toEpochMilli();
        all.set(next, ofAll);
        for (String service : active.keySet()) {
            if (services.size() < MOST_SERVICES) {
                services.computeIfAbsent(service, first -> new Ring());
            }
        }
        int point = next;
        services.forEach((service, ring) -> ring.set(point, active.getOrDefault(service, Traffic.NONE)));
        services.values().removeIf(ring -> ring.idle >= POINTS);
        next = (next + 1) % POINTS;
        points = Math.min(points + 1, POINTS);
    }

    /**
     * The points, the oldest first.
     *
     * @param service null for all together; one without requests has points too
     */
    public List<HistoryPoint> points(@Nullable String service) {
        Ring ring = service == null ? all : services.get(service);
        List<HistoryPoint> list = new ArrayList<>(points);
        for (int i = 0; i < points; i++) {
            int point = Math.floorMod(next - points + i, POINTS);
            list.add(new HistoryPoint(
                    Instant.ofEpochMilli(times[point]), ring == null ? Traffic.NONE : ring.get(point)));
        }
        return list;
    }

    /** How many services are kept. */
    int services() {
        return services.size();
    }
}
