package dev.pointsman.balancer.traffic;

import dev.pointsman.balancer.metrics.Buckets;
import dev.pointsman.balancer.metrics.MeterReading.BucketCounts;
import java.util.Arrays;

/** Counts of exponential buckets to be added up, one sum after the other in the same memory. For one thread. */
final class DenseTimes implements BucketCounts {
    private final long[] counts = new long[Buckets.EXPONENTIAL];
    private int from = counts.length;
    private int to;

    /** Begins another sum. */
    void clear() {
        if (from < to) {
            Arrays.fill(counts, from, to, 0);
        }
        from = counts.length;
        to = 0;
    }

    @Override
    public void add(int bucket, long count) {
        counts[bucket] += count;
        from = Math.min(from, bucket);
        to = Math.max(to, bucket + 1);
    }

    /** A copy of the sum as it is now, without what is below zero: what was subtracted may be a moment ahead. */
    SparseTimes sparse() {
        int size = 0;
        for (int i = from; i < to; i++) {
            size += counts[i] > 0 ? 1 : 0;
        }
        int[] buckets = new int[size];
        long[] copies = new long[size];
        int next = 0;
        for (int i = from; i < to; i++) {
            if (counts[i] > 0) {
                buckets[next] = i;
                copies[next] = counts[i];
                next++;
            }
        }
        return new SparseTimes(buckets, copies);
    }

    /** The time in milliseconds below which this share of the times lies; NaN where there is none. */
    double quantileMillis(double share) {
        long all = 0;
        for (int i = from; i < to; i++) {
            all += counts[i];
        }
        long wanted = Math.max(1, (long) Math.ceil(share * all));
        long seen = 0;
        for (int i = from; i < to && all > 0; i++) {
            seen += counts[i];
            if (seen >= wanted) {
                return Buckets.exponentialMiddleSeconds(i) * 1e3;
            }
        }
        return Double.NaN;
    }
}
