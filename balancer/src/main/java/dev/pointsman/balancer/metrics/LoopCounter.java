package dev.pointsman.balancer.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A counter that one thread writes and any thread reads. An addition costs as much as one to a plain field; a reader sees a
 * value that was there a moment ago.
 */
public final class LoopCounter {
    private static final VarHandle VALUE = handle();

    @SuppressWarnings("unused") // by its handle
    private long value;

    private static VarHandle handle() {
        try {
            return MethodHandles.lookup().findVarHandle(LoopCounter.class, "value", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** Adds to it; for its one writer. */
    public void add(long more) {
        VALUE.setOpaque(this, (long) VALUE.getOpaque(this) + more);
    }

    /** Its value a moment ago; any thread. */
    public long value() {
        return (long) VALUE.getOpaque(this);
    }
}
