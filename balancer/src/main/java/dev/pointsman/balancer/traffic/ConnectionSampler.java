package dev.pointsman.balancer.traffic;

import dev.pointsman.balancer.metrics.TcpCounts;
import dev.pointsman.balancer.metrics.TrafficMeters.RouteName;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connections of the last few seconds: what was counted more than at a look before. As far back as requests are looked at by the
 * {@link TrafficSampler}. For one thread.
 */
public final class ConnectionSampler {
    private final Deque<ConnectionLook> looks = new ArrayDeque<>();

    private record ConnectionLook(long nanos, Map<RouteName, TcpCounts> counts) {}

    /**
     * Looks at the counts.
     *
     * @param now those of this moment, which are kept
     * @param nanos the time, for differences
     */
    public void look(Map<RouteName, TcpCounts> now, long nanos) {
        long oldest = nanos - TrafficSampler.WINDOW.toNanos() - TrafficSampler.SLACK;
        // But for the last one, which there is always a difference to.
        while (looks.size() > 1 && looks.getFirst().nanos() - oldest < 0) {
            looks.removeFirst();
        }
        looks.addLast(new ConnectionLook(nanos, now));
    }

    /** The connections that some routes took to a service. */
    public ConnectionTraffic service(String service, Collection<String> ofRoutes) {
        TcpCounts before = TcpCounts.NONE;
        TcpCounts now = TcpCounts.NONE;
        for (String route : ofRoutes) {
            RouteName name = new RouteName(route, service);
            before = before.plus(counts(looks.peekFirst(), name));
            now = now.plus(counts(looks.peekLast(), name));
        }
        return between(before, now);
    }

    /** The connections of all routes. */
    public ConnectionTraffic all() {
        return between(sum(looks.peekFirst()), sum(looks.peekLast()));
    }

    private static TcpCounts counts(@Nullable ConnectionLook look, RouteName name) {
        return look == null ? TcpCounts.NONE : look.counts().getOrDefault(name, TcpCounts.NONE);
    }

    private static TcpCounts sum(@Nullable ConnectionLook look) {
        return look == null ? TcpCounts.NONE : look.counts().values().stream().reduce(TcpCounts.NONE, TcpCounts::plus);
    }

    private ConnectionTraffic between(TcpCounts before, TcpCounts now) {
        // Without a difference all of it is 0/0, which is not known.
        double seconds = looks.isEmpty()
                ? 0
                : (looks.getLast().nanos() - looks.getFirst().nanos()) / 1e9;
        return new ConnectionTraffic(
                now.open(),
                (now.accepted() - before.accepted()) / seconds,
                (now.received() - before.received()) / seconds,
                (now.sent() - before.sent()) / seconds);
    }
}
