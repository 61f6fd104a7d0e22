package dev.pointsman.balancer.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Access to arrays of counters that one thread writes and any thread reads, as with a {@link LoopCounter}. */
final class Cells {
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

    private Cells() {}

    /** Adds one; for the one writer. */
    static void increment(long[] cells, int index) {
        LONGS.setOpaque(cells, index, (long) LONGS.getOpaque(cells, index) + 1);
    }

    static long read(long[] cells, int index) {
        return (long) LONGS.getOpaque(cells, index);
    }
}
