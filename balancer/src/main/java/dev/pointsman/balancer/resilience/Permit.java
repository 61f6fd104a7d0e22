package dev.pointsman.balancer.resilience;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The permit of one exchange, or of one connection of TCP, to use a pool that limits its requests in flight: acquired before the first
 * attempt, waited for if need be, and released when the exchange is over. Lives on the exchange's event loop.
 */
public final class Permit implements AdmissionQueue.Waiter {
    private final AdmissionQueue queue;
    private final PoolTraffic traffic;
    private final PermitHolder holder;
    private final Supplier<Begun> begin;
    private Consumer<FailureKind> refused = kind -> {};
    private @Nullable Runnable timer;
    private boolean waiting;
    private boolean held;
    private boolean over;

    /** Who holds it, or waits for it. */
    public interface PermitHolder {
        /** Runs a task on the event loop of the holder. Any thread. */
        void execute(Runnable task);

        /** Runs a task on the loop after this time, unless what is returned is run before. */
        Runnable after(Duration time, Runnable task);

        /** The longest wait. */
        Duration queueTimeout();

        /** The wait begins. */
        void noteWait();

        /** The wait is over, whatever came of it; may be called without one. */
        void noteWaitEnd();
    }

    /**
     * A permit that is not acquired yet.
     *
     * @param begin goes on with the permit
     */
    public Permit(AdmissionQueue queue, PoolTraffic traffic, PermitHolder holder, Supplier<Begun> begin) {
        this.queue = queue;
        this.traffic = traffic;
        this.holder = holder;
        this.begin = begin;
    }

    /**
     * Acquires the permit as soon as there is one.
     *
     * @param refusal called if there is none in time, or no room in the queue
     */
    public void acquire(Consumer<FailureKind> refusal) {
        refused = refusal;
        held = queue.tryAcquire();
        if (!held || begin.get() == Begun.ALL_FULL) {
            await();
        }
    }

    /** Goes on to another upstream with the same permit. */
    public void moveToNext() {
        // The upstream before is free again.
        queue.wakeNext();
        if (begin.get() == Begun.ALL_FULL) {
            await();
        }
    }

    private void await() {
        if (over) {
            return;
        }
        if (!queue.enqueue(this)) {
            refuse(FailureKind.QUEUE_FULL);
            return;
        }
        traffic.hadToWait();
        waiting = true;
        holder.noteWait();
        timer = holder.after(holder.queueTimeout(), () -> {
            timer = null;
            stopWaiting();
            refuse(FailureKind.QUEUE_TIMEOUT);
        });
        // A permit may have become free before it was in the queue, and it would not be woken.
        if (queue.isFirst(this)) {
            look();
        }
    }

    private void refuse(FailureKind kind) {
        traffic.reject();
        refused.accept(kind);
    }

    @Override
    public void permitMayBeFree() {
        holder.execute(() -> {
            if (!waiting) {
                queue.wakeNext();
                return;
            }
            queue.enqueueFirst(this);
            look();
        });
    }

    private void look() {
        held = held || queue.tryAcquireInTurn();
        if (held && begin.get() != Begun.ALL_FULL) {
            stopWaiting();
        }
    }

    private void stopWaiting() {
        if (!waiting) {
            return;
        }
        waiting = false;
        holder.noteWaitEnd();
        Runnable waitingFor = timer;
        if (waitingFor != null) {
            waitingFor.run();
            timer = null;
        }
        // If it has just been woken for a permit that it does not need, it wakes the next one when that arrives.
        queue.remove(this);
    }

    /** Returns the permit, as the exchange is over. */
    public void release() {
        over = true;
        stopWaiting();
        if (held) {
            held = false;
            queue.release();
        }
    }

    /** The outcome of going on with a permit. */
    public enum Begun {
        /** An attempt has begun. */
        YES,
        /** All upstreams that are left are full, and one of them is to be waited for. */
        ALL_FULL,
        /** No upstream is to be waited for: the exchange is over. */
        GAVE_UP
    }
}
