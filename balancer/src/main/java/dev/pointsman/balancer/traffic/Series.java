package dev.pointsman.balancer.traffic;

import dev.pointsman.balancer.metrics.MeterReading;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The meters of one route and service, or of one instance, with what they have counted between looks. For one thread. */
final class Series {
    private final List<MeterReading> readings = new ArrayList<>(2);
    private final Deque<LookStep> steps = new ArrayDeque<>(0);
    private long ended;
    private long errors;
    private SparseTimes times = SparseTimes.NONE;

    /**
     * What was counted between two looks.
     *
     * @param from the time of the first, in nanoseconds
     */
    private record LookStep(long from, long ended, long errors, SparseTimes times) {}

    /** Adds the meters of one more loop, for the next look. */
    void found(MeterReading reading) {
        readings.add(reading);
    }

    /** Whether there are meters of it at all. */
    boolean isThere() {
        return !readings.isEmpty();
    }

    /**
     * Looks at the meters that were found.
     *
     * @param from when it was looked before
     * @param keptSince what began before that is forgotten
     * @param isFirst whether it was never looked before, so that nobody knows when it was counted
     */
    void look(long from, long keptSince, boolean isFirst, DenseTimes scratch) {
        while (!steps.isEmpty() && steps.getFirst().from() - keptSince < 0) {
            steps.removeFirst();
        }
        long endedNow = 0;
        for (MeterReading reading : readings) {
            endedNow += reading.ended();
        }
        if (endedNow != ended) {
            step(endedNow, from, isFirst, scratch);
        }
        readings.clear();
    }

    private void step(long endedNow, long from, boolean isFirst, DenseTimes scratch) {
        if (endedNow < ended) {
            // Forgotten meanwhile, and counted from zero since.
            ended = 0;
            errors = 0;
            times = SparseTimes.NONE;
        }
        long errorsNow = 0;
        scratch.clear();
        for (MeterReading reading : readings) {
            errorsNow += reading.errors();
            reading.times(scratch);
        }
        SparseTimes timesNow = scratch.sparse();
        if (!isFirst) {
            times.subtractFrom(scratch);
            steps.addLast(new LookStep(from, endedNow - ended, Math.max(0, errorsNow - errors), scratch.sparse()));
        }
        ended = endedNow;
        errors = errorsNow;
        times = timesNow;
    }

    /** Whether anything was counted lately. */
    boolean isActive() {
        return !steps.isEmpty();
    }

    /** Adds what was counted since a look to a sum. */
    void addTo(TrafficSum sum, long since) {
        for (LookStep step : steps) {
            if (step.from() - since >= 0) {
                sum.add(step.ended(), step.errors(), step.times());
            }
        }
    }
}
