package dev.pointsman.balancer.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A histogram of times that one thread writes and any thread reads. It takes memory for the range of times that it has seen:
 * 64 bytes for each doubling.
 */
final class DurationMeter {
    private static final int PER_BLOCK = 8;
    private static final VarHandle BLOCKS = MethodHandles.arrayElementVarHandle(long[][].class);

    private final Buckets buckets;
    private final long[] counts;
    private final long @Nullable [][] blocks = new long[Buckets.EXPONENTIAL / PER_BLOCK][];
    private final LoopCounter sum = new LoopCounter();

    DurationMeter(Buckets buckets) {
        this.buckets = buckets;
        this.counts = new long[buckets.size()];
    }

    /** Counts a time, in nanoseconds; for its one writer. */
    void record(long nanos) {
        sum.add(nanos);
        int bucket = Buckets.exponentialOf(nanos);
        long[] block = blocks[bucket / PER_BLOCK];
        if (block == null) {
            block = new long[PER_BLOCK];
            BLOCKS.setRelease(blocks, bucket / PER_BLOCK, block);
        }
        Cells.increment(block, bucket % PER_BLOCK);
        Cells.increment(counts, buckets.of(nanos));
    }

    /** Calls back with each exponential bucket that anything fell into, ascending, and its count. */
    void forEachExponential(MeterReading.BucketCounts each) {
        for (int i = 0; i < blocks.length; i++) {
            long[] block = (long[]) BLOCKS.getAcquire(blocks, i);
            for (int j = 0; block != null && j < PER_BLOCK; j++) {
                long count = Cells.read(block, j);
                if (count > 0) {
                    each.add(i * PER_BLOCK + j, count);
                }
            }
        }
    }

    /** Adds what was counted so far to these counts. */
    void addTo(DurationCounts all) {
        all.addNanos(sum.value());
        for (int i = 0; i < counts.length; i++) {
            all.addBucket(i, Cells.read(counts, i));
        }
        for (int i = 0; i < blocks.length; i++) {
            long[] block = (long[]) BLOCKS.getAcquire(blocks, i);
            if (block != null) {
                for (int j = 0; j < PER_BLOCK; j++) {
                    all.addExponential(i * PER_BLOCK + j, Cells.read(block, j));
                }
            }
        }
    }
}
