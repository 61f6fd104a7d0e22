package dev.pointsman.pool;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets several threads write to the same thing one at a time without a lock: work goes into a queue, and whoever finds
 * nobody at it does all that is there. Nobody waits, so what was handed over is done when {@link #run} returns, or moments
 * later by the thread that is at it. Thread-safe; work may hand over more work.
 */
final class Sequence {
    private static final Logger log = LoggerFactory.getLogger(Sequence.class);

    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger undone = new AtomicInteger();

    void run(Runnable work) {
        waiting.add(work);
        if (undone.getAndIncrement() > 0) {
            return;
        }
        do {
            // Never null: work is in the queue before it is counted.
            Runnable next = waiting.remove();
            try {
                next.run();
            } catch (RuntimeException e) {
                // It may be someone else's work, and what is behind it has to be done all the same.
                log.error("A change of a pool failed; the pool stays as it was before.", e);
            }
        } while (undone.decrementAndGet() > 0);
    }
}
