package dev.pointsman.balancer.tcp;

import dev.pointsman.balancer.metrics.ConnectionSource;
import dev.pointsman.balancer.metrics.TcpCounts;
import dev.pointsman.balancer.metrics.TrafficMeters.RouteName;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The counts of all TCP routes since the start: each event loop has its own, and they are added up for who asks. Thread-safe. */
public final class TcpTraffic implements ConnectionSource {
    private final List<LoopTcpTraffic> loops = new CopyOnWriteArrayList<>();

    /** The counts of one more event loop. */
    public LoopTcpTraffic addLoop() {
        LoopTcpTraffic added = new LoopTcpTraffic();
        loops.add(added);
        return added;
    }

    /** All counts by the routes' keys; of what failed before a route was known, by that of the port. */
    public Map<String, TcpRouteCounts> all() {
        Map<String, TcpRouteCounts> all = new TreeMap<>();
        for (LoopTcpTraffic loop : loops) {
            loop.meters().forEach((name, meter) -> all.computeIfAbsent(name.route(), first -> new TcpRouteCounts())
                    .add(meter));
        }
        return all;
    }

    @Override
    public Map<RouteName, TcpCounts> connections() {
        Map<RouteName, TcpCounts> all = new TreeMap<>();
        for (LoopTcpTraffic loop : loops) {
            loop.meters().forEach((name, meter) -> all.merge(name, meter.connections(), TcpCounts::plus));
        }
        return all;
    }

    /** The counts of one route, as they were added up. For one thread. */
    public static final class TcpRouteCounts {
        private final Map<TcpFailure, Long> failures = new EnumMap<>(TcpFailure.class);
        private TcpCounts connections = TcpCounts.NONE;
        private long nanos;
        private long retries;

        private void add(TcpMeter meter) {
            connections = connections.plus(meter.connections());
            nanos += meter.nanos();
            retries += meter.retries();
            meter.forEachFailure((why, count) -> failures.merge(why, count, Long::sum));
        }

        /** Its connections and their bytes. */
        public TcpCounts connections() {
            return connections;
        }

        /** Connections that went on to another instance. */
        public long retries() {
            return retries;
        }

        /** The time of all connections that have ended, in seconds. */
        public double seconds() {
            return nanos / 1e9;
        }

        /** How many have ended for another reason than that both sides had sent all. */
        public Map<TcpFailure, Long> failures() {
            return failures;
        }
    }
}
