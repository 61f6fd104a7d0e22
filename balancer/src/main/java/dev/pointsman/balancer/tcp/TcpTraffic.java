package dev.pointsman.balancer.tcp;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** The counts of all TCP routes, over all event loops, since the start. Thread-safe. */
public final class TcpTraffic {
    private final Map<String, TcpRouteCounts> byRoute = new ConcurrentHashMap<>();

    /** The counts of one route; made when they are asked for first. */
    public TcpRouteCounts of(String route) {
        return byRoute.computeIfAbsent(route, none -> new TcpRouteCounts());
    }

    /** All counts by the routes' keys; of what failed before a route was known, by that of the port. */
    public Map<String, TcpRouteCounts> all() {
        return new TreeMap<>(byRoute);
    }

    /** The counts of one route. Thread-safe. */
    public static final class TcpRouteCounts {
        private final AtomicInteger open = new AtomicInteger();
        private final LongAdder accepted = new LongAdder();
        private final LongAdder received = new LongAdder();
        private final LongAdder sent = new LongAdder();
        private final LongAdder nanos = new LongAdder();
        private final LongAdder retries = new LongAdder();
        private final Map<TcpFailure, LongAdder> failures = new ConcurrentHashMap<>();

        void opened() {
            accepted.increment();
            open.incrementAndGet();
        }

        void closed(long took) {
            open.decrementAndGet();
            nanos.add(took);
        }

        void received(long bytes) {
            received.add(bytes);
        }

        void sent(long bytes) {
            sent.add(bytes);
        }

        void retried() {
            retries.increment();
        }

        void failed(TcpFailure why) {
            failures.computeIfAbsent(why, none -> new LongAdder()).increment();
        }

        /** How many connections are open. */
        public int open() {
            return open.get();
        }

        /** How many there were. */
        public long accepted() {
            return accepted.sum();
        }

        /** Bytes from clients. */
        public long received() {
            return received.sum();
        }

        /** Bytes to clients. */
        public long sent() {
            return sent.sum();
        }

        /** Connections that went on to another instance. */
        public long retries() {
            return retries.sum();
        }

        /** The time of all connections that have ended, in seconds. */
        public double seconds() {
            return nanos.sum() / 1e9;
        }

        /** How many have ended for another reason than that both sides had sent all. */
        public Map<TcpFailure, Long> failures() {
            Map<TcpFailure, Long> now = new TreeMap<>();
            failures.forEach((why, count) -> now.put(why, count.sum()));
            return now;
        }
    }
}
