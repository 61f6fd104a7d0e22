package dev.pointsman.balancer.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A histogram of times that one thread writes and any thread reads. It takes memory for the range of times that it has seen:
 * 64 bytes for each doubling. Each time is one count, of the piece that two kinds of buckets have in common, so that whenever it is
 * read there are as many of the one kind as of the other.
 */
final class DurationMeter {
    private static final int PER_BLOCK = 8;
    private static final VarHandle BLOCKS = MethodHandles.arrayElementVarHandle(long[][].class);

    private final Buckets buckets;
    private final LoopCounter nanos = new LoopCounter();
    private final long[] @Nullable [] blocks;

    DurationMeter(Buckets buckets) {
        this.buckets = buckets;
        this.blocks = new long[(buckets.pieces() + PER_BLOCK - 1) / PER_BLOCK][];
    }

    /** Counts a time, in nanoseconds; for its one writer. */
    void record(long nanos) {
        this.nanos.add(nanos);
        add(buckets.pieceOf(nanos), 1);
    }

    private void add(int piece, long more) {
        long[] block = blocks[piece / PER_BLOCK];
        if (block == null) {
            block = new long[PER_BLOCK];
            BLOCKS.setRelease(blocks, piece / PER_BLOCK, block);
        }
        Cells.add(block, piece % PER_BLOCK, more);
    }

    private interface PieceCounts {
        void add(int piece, long count);
    }

    /** Calls back with each piece that anything fell into, ascending, and its count. */
    private void forEachPiece(PieceCounts each) {
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

    /** Calls back with each exponential bucket that anything fell into, ascending, and its count. */
    void forEachExponential(MeterReading.BucketCounts each) {
        ExponentialSums sums = new ExponentialSums(each);
        forEachPiece(sums);
        sums.tell();
    }

    /** The sums of the pieces of each exponential bucket, which come one behind the other. */
    private final class ExponentialSums implements PieceCounts {
        private final MeterReading.BucketCounts each;
        private int bucket;
        private long sum;

        ExponentialSums(MeterReading.BucketCounts each) {
            this.each = each;
        }

        @Override
        public void add(int piece, long count) {
            int next = buckets.exponentialOfPiece(piece);
            if (next != bucket) {
                tell();
                bucket = next;
            }
            sum += count;
        }

        void tell() {
            if (sum > 0) {
                each.add(bucket, sum);
                sum = 0;
            }
        }
    }

    /** Counts all that another one with the same buckets has counted; for the one writer of this one. */
    void addAll(DurationMeter other) {
        nanos.add(other.nanos.value());
        other.forEachPiece(this::add);
    }

    /** Adds what was counted so far to these counts. */
    void addTo(DurationCounts all) {
        all.addNanos(nanos.value());
        forEachPiece((piece, count) -> {
            int exponential = buckets.exponentialOfPiece(piece);
            all.add(piece - exponential, exponential, count);
        });
    }
}
