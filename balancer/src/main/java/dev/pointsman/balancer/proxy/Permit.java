package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.resilience.AdmissionQueue;
import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.balancer.resilience.PoolTraffic;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * An exchange's place among those that a pool takes at a time, where that is limited: it is taken before the first attempt,
 * waited for if need be, and kept until the exchange is over. Lives on the exchange's event loop.
 */
final class Permit implements AdmissionQueue.Waiter {
    private static final long NO_TIMER = -1;

    private final AdmissionQueue room;
    private final PoolTraffic traffic;
    private final Vertx vertx;
    private final Context context;
    private final RoutedRequest incoming;
    private final BooleanSupplier begin;
    private Consumer<FailureKind> refused = kind -> {};
    private long timer = NO_TIMER;
    private boolean waiting;
    private boolean inside;
    private boolean over;

    /** @param begin goes on with a place; false if all upstreams that are left are full, and one of them is to be waited for */
    Permit(AdmissionQueue room, PoolTraffic traffic, Vertx vertx, RoutedRequest incoming, BooleanSupplier begin) {
        this.room = room;
        this.traffic = traffic;
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.incoming = incoming;
        this.begin = begin;
    }

    /**
     * Takes a place as soon as there is one.
     *
     * @param refusal hears that there was none, in the queue or in time
     */
    void take(Consumer<FailureKind> refusal) {
        refused = refusal;
        inside = room.enter();
        if (!inside || !begin.getAsBoolean()) {
            await();
        }
    }

    /** Goes on to another upstream with the place that is held. */
    void next() {
        // The one before is free again.
        room.wakeNext();
        if (!begin.getAsBoolean()) {
            await();
        }
    }

    private void await() {
        if (over) {
            return;
        }
        if (!room.join(this)) {
            refuse(FailureKind.QUEUE_FULL);
            return;
        }
        traffic.hadToWait();
        waiting = true;
        timer = vertx.setTimer(incoming.queueTimeout().toMillis(), late -> {
            timer = NO_TIMER;
            stopWaiting();
            refuse(FailureKind.QUEUE_TIMEOUT);
        });
        // Something may have become free before it joined, and it would not be told.
        if (room.isFirst(this)) {
            look();
        }
    }

    private void refuse(FailureKind kind) {
        traffic.turnAway();
        refused.accept(kind);
    }

    @Override
    public void placeMayBeFree() {
        context.runOnContext(onLoop -> {
            if (!waiting) {
                room.wakeNext();
                return;
            }
            room.joinAgain(this);
            look();
        });
    }

    private void look() {
        inside = inside || room.enterInTurn();
        if (inside && begin.getAsBoolean()) {
            stopWaiting();
        }
    }

    private void stopWaiting() {
        if (!waiting) {
            return;
        }
        waiting = false;
        if (timer != NO_TIMER) {
            vertx.cancelTimer(timer);
            timer = NO_TIMER;
        }
        // If it has just been told of a place that it does not need, it passes the word on when that arrives.
        room.forget(this);
    }

    /** The exchange is over. */
    void leave() {
        over = true;
        stopWaiting();
        if (inside) {
            inside = false;
            room.leave();
        }
    }
}
