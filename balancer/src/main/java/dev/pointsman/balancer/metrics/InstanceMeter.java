package dev.pointsman.balancer.metrics;

import dev.pointsman.balancer.observe.ObservedAttempt;
import dev.pointsman.balancer.resilience.FailureKind;

/** The counts and times of the attempts at one instance, on one event loop, which writes them; any thread reads. */
final class InstanceMeter implements MeterReading {
    private final String service;
    private final IntCounts responses = new IntCounts();
    private final LoopCounter connections = new LoopCounter();
    private final DurationMeter firstByte;
    private final FailureCounts failures = new FailureCounts();
    private final LoopCounter ended = new LoopCounter();
    private final LoopCounter errors = new LoopCounter();

    /**
     * Nothing counted yet.
     *
     * @param service the name of the target that the instance is picked for
     */
    InstanceMeter(String service, Buckets buckets) {
        this.service = service;
        firstByte = new DurationMeter(buckets);
    }

    String service() {
        return service;
    }

    void ended(ObservedAttempt attempt) {
        if (attempt.isConnected() && !attempt.isReused()) {
            connections.add(1);
        }
        if (attempt.status() != 0) {
            responses.add(attempt.status() / 100, 1);
            firstByte.record(attempt.firstByteNanos());
        }
        FailureKind failure = attempt.failure();
        if (failure != null) {
            failures.add(failure, 1);
        }
        if (failure != null || attempt.status() >= 500) {
            errors.add(1);
        }
        // The last, as who finds one more reads the rest.
        ended.add(1);
    }

    @Override
    public long ended() {
        return ended.value();
    }

    @Override
    public long errors() {
        return errors.value();
    }

    @Override
    public void times(BucketCounts each) {
        firstByte.forEachExponential(each);
    }

    /** Adds what was counted so far to these counts. */
    void addTo(UpstreamCounts all) {
        responses.forEach(all::addResponses);
        failures.forEach(all::addFailures);
        all.addConnections(connections.value());
        firstByte.addTo(all.firstByte());
    }

    /** Counts all that another one has counted, but for what {@link MeterReading} has; for the one writer of this one. */
    void addAll(InstanceMeter other) {
        other.responses.forEach(responses::add);
        other.failures.forEach(failures::add);
        connections.add(other.connections.value());
        firstByte.addAll(other.firstByte);
    }
}
