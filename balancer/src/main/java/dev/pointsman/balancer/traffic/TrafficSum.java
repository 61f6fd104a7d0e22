package dev.pointsman.balancer.traffic;

/** A sum of what was counted, one after the other in the same memory. For one thread. */
final class TrafficSum {
    private final DenseTimes times = new DenseTimes();
    private long ended;
    private long errors;

    /** Begins another sum. */
    TrafficSum clear() {
        times.clear();
        ended = 0;
        errors = 0;
        return this;
    }

    void add(long moreEnded, long moreErrors, SparseTimes moreTimes) {
        ended += moreEnded;
        errors += moreErrors;
        moreTimes.addTo(times);
    }

    /** The traffic, if all that was in so many seconds. */
    Traffic over(double seconds) {
        return ended == 0
                ? Traffic.NONE
                : new Traffic(ended / seconds, errors / seconds, times.quantileMillis(0.5), times.quantileMillis(0.99));
    }
}
