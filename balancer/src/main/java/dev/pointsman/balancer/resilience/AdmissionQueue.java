package dev.pointsman.balancer.resilience;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The limit of requests in flight at a pool, with a short queue of those that wait for a permit: first come, first
 * served. A long queue makes all clients wait for responses that some have given up on, so it is bounded, and so is the
 * time in it (its waiters see to that). Thread-safe.
 *
 * <p>A waiter is added first and tries again then, so that a permit that becomes free in between is not missed.
 */
public final class AdmissionQueue {
    private final int maxInFlight;
    private final int maxWaiting;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Deque<Waiter> queue = new ConcurrentLinkedDeque<>();

    /** A request that waits for a permit. */
    @FunctionalInterface
    public interface Waiter {
        /** Called when there may be a permit; on any thread, once for each time the waiter was added. Must not block. */
        void permitMayBeFree();
    }

    /**
     * An empty queue, with no permit taken.
     *
     * @param maxInFlight requests at a time, 0 for any number (permits are then limited elsewhere)
     * @param maxWaiting requests that wait
     */
    public AdmissionQueue(int maxInFlight, int maxWaiting) {
        this.maxInFlight = maxInFlight;
        this.maxWaiting = maxWaiting;
    }

    /**
     * Takes a permit for a new request if one is free and no other request waits for it; to be returned by {@link
     * #release}.
     */
    public boolean tryAcquire() {
        return waiting.get() == 0 && tryAcquireInTurn();
    }

    /** Takes a permit, if one is free, for a request that has waited; to be returned by {@link #release}. */
    public boolean tryAcquireInTurn() {
        int now = inFlight.get();
        while (maxInFlight == 0 || now < maxInFlight) {
            if (inFlight.compareAndSet(now, now + 1)) {
                return true;
            }
            now = inFlight.get();
        }
        return false;
    }

    /** Returns a permit. */
    public void release() {
        inFlight.decrementAndGet();
        wakeNext();
    }

    /** Adds a waiter at the end of the queue; false when it is full. */
    public boolean enqueue(Waiter waiter) {
        if (waiting.incrementAndGet() > maxWaiting) {
            waiting.decrementAndGet();
            return false;
        }
        queue.addLast(waiter);
        return true;
    }

    /** Adds a waiter before all others: it was its turn, and the permit was taken. */
    public void enqueueFirst(Waiter waiter) {
        waiting.incrementAndGet();
        queue.addFirst(waiter);
    }

    /** Whether no other waiter is before this one. */
    public boolean isFirst(Waiter waiter) {
        return queue.peekFirst() == waiter;
    }

    /** Removes a waiter. If it has been woken for a permit meanwhile, it has to wake the next one: {@link #wakeNext}. */
    public void remove(Waiter waiter) {
        if (queue.remove(waiter)) {
            waiting.decrementAndGet();
        }
    }

    /** Wakes the first in the queue, as a permit has become free. */
    public void wakeNext() {
        Waiter next = queue.pollFirst();
        if (next != null) {
            waiting.decrementAndGet();
            next.permitMayBeFree();
        }
    }

    /** Wakes all that wait now, as many permits may have become free. */
    public void wakeAll() {
        for (int i = waiting.get(); i > 0; i--) {
            wakeNext();
        }
    }

    /** The number of permits taken. */
    public int inFlight() {
        return inFlight.get();
    }

    /** The number of waiters. */
    public int waiting() {
        return waiting.get();
    }
}
