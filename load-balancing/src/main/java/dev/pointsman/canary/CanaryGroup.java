package dev.pointsman.canary;

/**
 * A canary of a pool as requests meet it: its version, the buckets of its users at this moment, and the counts of its attempts.
 * Thread-safe.
 */
final class CanaryGroup {
    /** More than there are buckets, so that both ends of a range are one number, and change together. */
    private static final int ENDS = 1 << 14;

    private final String version;
    private final AttemptCounts counts;
    private volatile int range;

    CanaryGroup(String version, AttemptCounts counts) {
        this.version = version;
        this.counts = counts;
    }

    String version() {
        return version;
    }

    AttemptCounts counts() {
        return counts;
    }

    /** Gives it the users of the buckets from the first to right before the second one. */
    void serve(int from, int to) {
        range = from * ENDS + to;
    }

    boolean serves(int bucket) {
        int both = range;
        return bucket >= both / ENDS && bucket < both % ENDS;
    }

    /** How many buckets it serves. */
    int share() {
        int both = range;
        return both % ENDS - both / ENDS;
    }
}
