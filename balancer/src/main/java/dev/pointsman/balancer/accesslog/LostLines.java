package dev.pointsman.balancer.accesslog;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The count of lines that were lost. That some are dropped is said at once and then once a minute as long as it goes on, by a thread that
 * there is only meanwhile: the one that writes the lines may be stuck, behind a pipe that nobody reads, and an event loop could
 * get stuck in the same way by saying it. Thread-safe.
 */
final class LostLines {
    private static final Logger log = LoggerFactory.getLogger(LostLines.class);
    private static final long PAUSE_SECONDS = 60;

    private final AtomicLong all = new AtomicLong();
    private final AtomicBoolean reporting = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** How many of them were told; for the one thread that reports. */
    private volatile long told;

    /** Counts a line for which there was no room. Never waits. */
    void dropped() {
        all.incrementAndGet();
        if (!reporting.get() && reporting.compareAndSet(false, true)) {
            Thread reporter = new Thread(this::report, "access-log-lost");
            reporter.setDaemon(true);
            reporter.start();
        }
    }

    private void report() {
        do {
            tellWhileItGoesOn();
            reporting.set(false);
            // Whoever dropped one meanwhile has left it to us.
        } while (all.get() > told && closed.getCount() > 0 && reporting.compareAndSet(false, true));
    }

    private void tellWhileItGoesOn() {
        boolean goesOn = true;
        while (goesOn) {
            long now = all.get();
            log.warn(
                    "access log: {} lines were dropped, as they came faster than they could be written ({} in all)",
                    now - told,
                    now);
            told = now;
            goesOn = pause() && all.get() > told;
        }
    }

    /** Whether it was not closed meanwhile. */
    private boolean pause() {
        try {
            return !closed.await(PAUSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Counts lines that were left at the end, and says so. */
    void left(long lines) {
        all.addAndGet(lines);
        if (lines > 0) {
            log.warn("access log: {} lines were lost, as they could not be written before the end", lines);
        }
    }

    /** Ends the thread, if there is one. */
    void close() {
        closed.countDown();
    }

    long all() {
        return all.get();
    }
}
