package dev.pointsman.balancer.resilience;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many requests a pool takes at a time, and the short queue of those that wait for a place: first come, first served.
 * A queue that is long makes everyone wait for answers that nobody waits for any more, so it is bounded, and so is the
 * time in it (its waiters see to that). Thread-safe.
 *
 * <p>A waiter joins first and looks again then, so that a place that becomes free in between is not missed.
 */
public final class AdmissionQueue {
    private final int mostInside;
    private final int mostWaiting;
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Deque<Waiter> queue = new ConcurrentLinkedDeque<>();

    /** Waits for a place. */
    @FunctionalInterface
    public interface Waiter {
        /** There may be a place; called on any thread, once for each time it joined. Must not block. */
        void placeMayBeFree();
    }

    /**
     * An empty one.
     *
     * @param mostInside requests at a time, 0 for any number (places are then limited elsewhere)
     * @param mostWaiting requests that wait
     */
    public AdmissionQueue(int mostInside, int mostWaiting) {
        this.mostInside = mostInside;
        this.mostWaiting = mostWaiting;
    }

    /** Lets a new request in if there is a place that nobody waits for; it must {@link #leave} then. */
    public boolean enter() {
        return waiting.get() == 0 && enterInTurn();
    }

    /** Lets one in that has waited if there is a place; it must {@link #leave} then. */
    public boolean enterInTurn() {
        int now = inside.get();
        while (mostInside == 0 || now < mostInside) {
            if (inside.compareAndSet(now, now + 1)) {
                return true;
            }
            now = inside.get();
        }
        return false;
    }

    /** One that was let in is over. */
    public void leave() {
        inside.decrementAndGet();
        wakeNext();
    }

    /** Waits at the end of the queue; false when it is full. */
    public boolean join(Waiter waiter) {
        if (waiting.incrementAndGet() > mostWaiting) {
            waiting.decrementAndGet();
            return false;
        }
        queue.addLast(waiter);
        return true;
    }

    /** Waits on, before all others: it was its turn, and the place was not to be had. */
    public void joinAgain(Waiter waiter) {
        waiting.incrementAndGet();
        queue.addFirst(waiter);
    }

    /** Whether nobody waits before it. */
    public boolean isFirst(Waiter waiter) {
        return queue.peekFirst() == waiter;
    }

    /** Waits no more. If it has been told of a place meanwhile, it has to tell the next one: {@link #wakeNext}. */
    public void forget(Waiter waiter) {
        if (queue.remove(waiter)) {
            waiting.decrementAndGet();
        }
    }

    /** Something became free: tells the first in the queue. */
    public void wakeNext() {
        Waiter next = queue.pollFirst();
        if (next != null) {
            waiting.decrementAndGet();
            next.placeMayBeFree();
        }
    }

    /** Many places may have become free: tells all that wait now. */
    public void wakeAll() {
        for (int i = waiting.get(); i > 0; i--) {
            wakeNext();
        }
    }

    /** How many are in. */
    public int inside() {
        return inside.get();
    }

    /** How many wait. */
    public int waiting() {
        return waiting.get();
    }
}
