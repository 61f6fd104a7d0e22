package dev.pointsman.balancer.traffic;

/** Counts of exponential buckets, of those alone that anything fell into. Immutable. */
final class SparseTimes {
    static final SparseTimes NONE = new SparseTimes(new int[0], new long[0]);

    private final int[] buckets;
    private final long[] counts;

    /** Takes the arrays over: buckets, ascending, and their counts. */
    SparseTimes(int[] buckets, long[] counts) {
        this.buckets = buckets;
        this.counts = counts;
    }

    void addTo(DenseTimes sum) {
        for (int i = 0; i < buckets.length; i++) {
            sum.add(buckets[i], counts[i]);
        }
    }

    void subtractFrom(DenseTimes sum) {
        for (int i = 0; i < buckets.length; i++) {
            sum.add(buckets[i], -counts[i]);
        }
    }
}
