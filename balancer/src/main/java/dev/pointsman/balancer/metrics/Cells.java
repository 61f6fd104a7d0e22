package dev.pointsman.balancer.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Access to arrays of counters that one thread writes and any thread reads, as with a {@link LoopCounter}. */
final class Cells {
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

    private Cells() {}

    /** Adds to one of them; for the one writer. */
    static void add(long[] cells, int index, long more) {
        LONGS.setOpaque(cells, index, (long) LONGS.getOpaque(cells, index) + more);
    }

    static long read(long[] cells, int index) {
        return (long) LONGS.getOpaque(cells, index);
    }
}
