package dev.pointsman.balancer.metrics;

/** The added counts of histograms of times at one moment. For one thread. */
public final class DurationCounts {
    private final Buckets buckets;
    private final long[] counts;
    private final long[] exponential = new long[Buckets.EXPONENTIAL];
    private long nanos;

    /** Nothing counted yet. */
    public DurationCounts(Buckets buckets) {
        this.buckets = buckets;
        this.counts = new long[buckets.size()];
    }

    void addNanos(long more) {
        nanos += more;
    }

    /** Adds times, each to one bucket of each kind. */
    void add(int bucket, int exponentialBucket, long more) {
        counts[bucket] += more;
        exponential[exponentialBucket] += more;
    }

    public Buckets buckets() {
        return buckets;
    }

    /** How many times were counted. */
    public long count() {
        long all = 0;
        for (long each : counts) {
            all += each;
        }
        return all;
    }

    /** The sum of all times, in seconds. */
    public double sumSeconds() {
        return nanos / 1e9;
    }

    /** How many fell into a bucket, not into those below it. */
    public long inBucket(int bucket) {
        return counts[bucket];
    }

    /** How many exponential buckets there are. */
    public int exponentialSize() {
        return exponential.length;
    }

    /** How many fell into an exponential bucket, see {@link Buckets#exponentialIndex}. */
    public long inExponential(int bucket) {
        return exponential[bucket];
    }
}
