package dev.pointsman.pool;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An executor that runs work of several threads one at a time, without a lock and without a thread of its own: work goes into
 * a queue, and the thread that finds no other one at work runs all that is there. No thread waits, so work is done when
 * {@link #run} returns, or moments later by the thread that is at work. Thread-safe; work may hand over more work.
 */
final class SerialExecutor {
    private static final Logger log = LoggerFactory.getLogger(SerialExecutor.class);

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
            } catch (RuntimeException | Error e) {
                // It may be the work of another thread, and what is behind it has to be done all the same: also where a
                // caller had
                // no stack left, or the machine no memory for a moment.
                log.error("A change of a pool failed; the pool stays as it was before.", e);
            }
        } while (undone.decrementAndGet() > 0);
    }
}
