package dev.pointsman.balancer.metrics;

import dev.pointsman.balancer.resilience.FailureKind;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** The added counts and times of the attempts at one instance at one moment. For one thread. */
public final class UpstreamCounts {
    private final Map<Integer, Long> responses = new TreeMap<>();
    private final Map<FailureKind, Long> failures = new EnumMap<>(FailureKind.class);
    private final DurationCounts firstByte;
    private long connections;

    UpstreamCounts(Buckets buckets) {
        firstByte = new DurationCounts(buckets);
    }

    void addResponses(int statusClass, long count) {
        responses.merge(statusClass, count, Long::sum);
    }

    void addFailures(FailureKind kind, long count) {
        failures.merge(kind, count, Long::sum);
    }

    void addConnections(long more) {
        connections += more;
    }

    /** Its responses by the first digit of their status. */
    public Map<Integer, Long> responses() {
        return responses;
    }

    /** Attempts that failed, by the reason. */
    public Map<FailureKind, Long> failures() {
        return failures;
    }

    /** Connections that were opened to it. */
    public long connections() {
        return connections;
    }

    /** The times from a connection's being there to the head of the response. */
    public DurationCounts firstByte() {
        return firstByte;
    }
}
