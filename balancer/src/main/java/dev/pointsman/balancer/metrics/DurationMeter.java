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

    /** The sum of all times, and then a count for each bucket: one piece of memory. */
    private final long[] sumAndCounts;

    private final long[] @Nullable [] blocks = new long[Buckets.EXPONENTIAL / PER_BLOCK][];

    DurationMeter(Buckets buckets) {
        this.buckets = buckets;
        this.sumAndCounts = new long[1 + buckets.size()];
    }

    /** Counts a time, in nanoseconds; for its one writer. */
    void record(long nanos) {
        Cells.add(sumAndCounts, 0, nanos);
        int bucket = Buckets.exponentialOf(nanos);
        long[] block = blocks[bucket / PER_BLOCK];
        if (block == null) {
            block = new long[PER_BLOCK];
            BLOCKS.setRelease(blocks, bucket / PER_BLOCK, block);
        }
        Cells.add(block, bucket % PER_BLOCK, 1);
        Cells.add(sumAndCounts, 1 + buckets.of(nanos), 1);
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
        all.addNanos(Cells.read(sumAndCounts, 0));
        for (int i = 0; i < buckets.size(); i++) {
            all.addBucket(i, Cells.read(sumAndCounts, 1 + i));
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
