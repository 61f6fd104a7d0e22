package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.resilience.AdmissionQueue;
import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.balancer.resilience.PoolTraffic;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The permit of one exchange to use a pool that limits its requests in flight: acquired before the first attempt,
 * waited for if need be, and released when the exchange is over. Lives on the exchange's event loop.
 */
final class Permit implements AdmissionQueue.Waiter {
    private static final long NO_TIMER = -1;

    private final AdmissionQueue queue;
    private final PoolTraffic traffic;
    private final Vertx vertx;
    private final Context context;
    private final RoutedRequest routed;
    private final Supplier<Begun> begin;
    private Consumer<FailureKind> refused = kind -> {};
    private long timer = NO_TIMER;
    private boolean waiting;
    private boolean held;
    private boolean over;

    /**
     * @param begin goes on with the permit
     */
    Permit(AdmissionQueue queue, PoolTraffic traffic, Vertx vertx, RoutedRequest routed, Supplier<Begun> begin) {
        this.queue = queue;
        this.traffic = traffic;
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.routed = routed;
        this.begin = begin;
    }

    /**
     * Acquires the permit as soon as there is one.
     *
     * @param refusal called if there is none in time, or no room in the queue
     */
    void acquire(Consumer<FailureKind> refusal) {
        refused = refusal;
        held = queue.tryAcquire();
        if (!held || begin.get() == Begun.ALL_FULL) {
            await();
        }
    }

    /** Goes on to another upstream with the same permit. */
    void moveToNext() {
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
        routed.noteWait();
        timer = vertx.setTimer(routed.queueTimeout().toMillis(), late -> {
            timer = NO_TIMER;
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
        context.runOnContext(onLoop -> {
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
        routed.noteWaitEnd();
        if (timer != NO_TIMER) {
            vertx.cancelTimer(timer);
            timer = NO_TIMER;
        }
        // If it has just been woken for a permit that it does not need, it wakes the next one when that arrives.
        queue.remove(this);
    }

    /** Returns the permit, as the exchange is over. */
    void release() {
        over = true;
        stopWaiting();
        if (held) {
            held = false;
            queue.release();
        }
    }

    /** The outcome of going on with a permit. */
    enum Begun {
        /** An attempt has begun. */
        YES,
        /** All upstreams that are left are full, and one of them is to be waited for. */
        ALL_FULL,
        /** No upstream is to be waited for: the exchange is over. */
        GAVE_UP
    }
}
