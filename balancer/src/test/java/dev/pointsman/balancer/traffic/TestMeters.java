package dev.pointsman.balancer.traffic;

import dev.pointsman.balancer.metrics.Buckets;
import dev.pointsman.balancer.metrics.MeterReading;
import dev.pointsman.balancer.metrics.MeterSource;
import dev.pointsman.balancer.metrics.MeterVisitor;
import dev.pointsman.pool.Upstream;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Meters that count what a test says. */
public final class TestMeters implements MeterSource {
    private final Map<String, Map<String, Counted>> routes = new LinkedHashMap<>();
    private final IdentityHashMap<Upstream, Counted> instances = new IdentityHashMap<>();
    private int timesRead;

    private final class Counted implements MeterReading {
        private final long[] times = new long[Buckets.EXPONENTIAL];
        private long ended;
        private long errors;

        void count(int requests, int failed, int bucket) {
            ended += requests;
            errors += failed;
            times[bucket] += requests;
        }

        @Override
        public long ended() {
            return ended;
        }

        @Override
        public long errors() {
            return errors;
        }

        @Override
        public void times(BucketCounts each) {
            timesRead++;
            for (int i = 0; i < times.length; i++) {
                if (times[i] > 0) {
                    each.add(i, times[i]);
                }
            }
        }
    }

    /** Counts requests of a route to a service that took so long. */
    public TestMeters requests(String route, String service, int requests, int failed, double millis) {
        routes.computeIfAbsent(route, first -> new LinkedHashMap<>())
                .computeIfAbsent(service, first -> new Counted())
                .count(requests, failed, bucket(millis));
        return this;
    }

    /** Counts attempts at an instance. */
    public TestMeters attempts(Upstream upstream, int attempts, int failed, double millis) {
        instances.computeIfAbsent(upstream, first -> new Counted()).count(attempts, failed, bucket(millis));
        return this;
    }

    /** Forgets a route and all that was counted of it. */
    void forget(String route) {
        routes.remove(route);
    }

    /** How often the times of a meter were read. */
    int timesRead() {
        return timesRead;
    }

    private static int bucket(double millis) {
        int bucket = 0;
        while (Buckets.exponentialMiddleSeconds(bucket + 1) * 1e3 <= millis) {
            bucket++;
        }
        return bucket;
    }

    @Override
    public void visit(MeterVisitor visitor) {
        routes.forEach(
                (route, services) -> services.forEach((service, counted) -> visitor.route(route, service, counted)));
        instances.forEach(visitor::instance);
    }
}
