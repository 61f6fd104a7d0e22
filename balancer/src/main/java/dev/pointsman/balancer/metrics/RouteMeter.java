package dev.pointsman.balancer.metrics;

import dev.pointsman.balancer.observe.ObservedRequest;
import dev.pointsman.balancer.observe.RequestEnding;
import dev.pointsman.balancer.resilience.FailureKind;
import java.util.EnumMap;
import java.util.Map;

/** The counts and times of one route's requests to one service, on one event loop, which writes them; any thread reads. */
final class RouteMeter implements MeterReading {
    private final Map<KnownMethod, IntCounts> responses = new EnumMap<>(KnownMethod.class);
    private final LoopCounter requestBytes = new LoopCounter();
    private final LoopCounter responseBytes = new LoopCounter();
    private final LoopCounter retried = new LoopCounter();
    private final DurationMeter whole;
    private final DurationMeter waiting;
    private final DurationMeter connecting;
    private final DurationMeter firstByte;
    private final DurationMeter body;
    private final FailureCounts failures = new FailureCounts();
    private final LoopCounter ended = new LoopCounter();
    private final LoopCounter errors = new LoopCounter();

    RouteMeter(Buckets buckets) {
        for (KnownMethod method : KnownMethod.values()) {
            responses.put(method, new IntCounts());
        }
        whole = new DurationMeter(buckets);
        waiting = new DurationMeter(buckets);
        connecting = new DurationMeter(buckets);
        firstByte = new DurationMeter(buckets);
        body = new DurationMeter(buckets);
    }

    void ended(ObservedRequest request) {
        IntCounts statuses = responses.get(KnownMethod.of(request.method()));
        if (statuses != null) {
            statuses.add(request.status(), 1);
        }
        requestBytes.add(request.requestBytes());
        responseBytes.add(request.responseBytes());
        FailureKind failure =
                request.ending() == RequestEnding.CLIENT_GONE ? FailureKind.CLIENT_GONE : request.failure();
        if (failure != null) {
            failures.add(failure, 1);
        }
        if (request.attempts() > 1) {
            retried.add(request.attempts() - 1L);
        }
        // A tunnel lasts for hours, and would be taken for a slow response.
        if (request.status() != 101) {
            whole.record(request.durationNanos());
        }
        times(request);
        if (request.status() >= 500 || request.ending() == RequestEnding.CUT_SHORT) {
            errors.add(1);
        }
        // The last, as who finds one more reads the rest.
        ended.add(1);
    }

    private void times(ObservedRequest request) {
        if (request.waitedNanos() > 0) {
            waiting.record(request.waitedNanos());
        }
        if (request.opened()) {
            connecting.record(request.connectNanos());
        }
        if (request.firstByteNanos() >= 0) {
            firstByte.record(request.firstByteNanos());
            if (request.status() != 101) {
                body.record(request.bodyNanos());
            }
        }
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
        whole.forEachExponential(each);
    }

    /** Adds what was counted so far to these counts. */
    void addTo(RouteCounts all) {
        responses.forEach(
                (method, statuses) -> statuses.forEach((status, count) -> all.addResponses(method, status, count)));
        failures.forEach(all::addFailures);
        all.addBytes(requestBytes.value(), responseBytes.value());
        all.addRetries(retried.value());
        whole.addTo(all.whole());
        waiting.addTo(all.phase(RequestPhase.WAIT));
        connecting.addTo(all.phase(RequestPhase.CONNECT));
        firstByte.addTo(all.phase(RequestPhase.FIRST_BYTE));
        body.addTo(all.phase(RequestPhase.BODY));
    }
}
