package dev.pointsman.balancer.metrics;

import dev.pointsman.balancer.resilience.FailureKind;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The added counts and times of one route's requests to one service at one moment. For one thread. */
public final class RouteCounts {
    private final Map<ResponseKind, Long> responses = new TreeMap<>();
    private final Map<FailureKind, Long> failures = new EnumMap<>(FailureKind.class);
    private final Map<RequestPhase, DurationCounts> phases = new EnumMap<>(RequestPhase.class);
    private final DurationCounts whole;
    private long requestBytes;
    private long responseBytes;
    private long retries;

    /** What responses are told apart by. */
    public record ResponseKind(KnownMethod method, int status) implements Comparable<ResponseKind> {
        @Override
        public int compareTo(ResponseKind other) {
            int byMethod = method.compareTo(other.method);
            return byMethod == 0 ? Integer.compare(status, other.status) : byMethod;
        }
    }

    RouteCounts(Buckets buckets) {
        whole = new DurationCounts(buckets);
        for (RequestPhase phase : RequestPhase.values()) {
            phases.put(phase, new DurationCounts(buckets));
        }
    }

    void addResponses(KnownMethod method, int status, long count) {
        responses.merge(new ResponseKind(method, status), count, Long::sum);
    }

    void addFailures(FailureKind kind, long count) {
        failures.merge(kind, count, Long::sum);
    }

    void addBytes(long received, long sent) {
        requestBytes += received;
        responseBytes += sent;
    }

    void addRetries(long more) {
        retries += more;
    }

    /** Requests by their method and the status of their response. */
    public Map<ResponseKind, Long> responses() {
        return responses;
    }

    /** Requests that did not get an instance's whole response, by the reason. */
    public Map<FailureKind, Long> failures() {
        return failures;
    }

    public long requestBytes() {
        return requestBytes;
    }

    public long responseBytes() {
        return responseBytes;
    }

    /** Attempts beyond the first. */
    public long retries() {
        return retries;
    }

    /** The times of whole requests, tunnels aside. */
    public DurationCounts whole() {
        return whole;
    }

    public DurationCounts phase(RequestPhase phase) {
        return Objects.requireNonNull(phases.get(phase));
    }

    /** How many requests there were. */
    public long requests() {
        return responses.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many of them got a status from 500 on. */
    public long errors() {
        return responses.entrySet().stream()
                .filter(each -> each.getKey().status() >= 500)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
