package dev.pointsman.balancer.accesslog;

import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The access log of a balancer. Each event loop makes lines and puts them into a ring of its own; one thread, which there is
 * once a destination was opened, empties the rings in turn and writes. What finds its ring full is dropped and counted: no
 * request waits. Thread-safe.
 */
public final class AccessLog {
    /** For each event loop: the lines of some seconds, or of a disk that stands still for half a second under full load. */
    private static final int RING = 4 * 1024 * 1024;

    private final Clock clock;
    private final int ringSize;
    private final LostLines lost = new LostLines();
    private final LogWriter writer = new LogWriter(lost);
    private @Nullable Thread thread;

    /** One that logs nothing yet. */
    public AccessLog(Clock clock) {
        this(clock, RING);
    }

    /** @param ringSize bytes for each event loop, a power of two */
    AccessLog(Clock clock, int ringSize) {
        this.clock = clock;
        this.ringSize = ringSize;
    }

    /** Opens a destination, unless it is open already; blocks, so that it is not for an event loop. */
    public synchronized void open(LogDestination destination) throws IOException {
        writer.open(destination);
        if (thread == null) {
            Thread started = new Thread(writer, "access-log");
            started.setDaemon(true);
            started.start();
            thread = started;
        }
    }

    /**
     * Closes all destinations but one, once all that was on its way to them is written and no event loop logs to them.
     *
     * @param destination null for none
     */
    public void keepOnly(@Nullable LogDestination destination) {
        writer.keepOnly(destination);
    }

    /** The part of one more event loop, which logs nothing yet. */
    public LoopAccessLog ofLoop() {
        return new LoopAccessLog(this);
    }

    /**
     * Opens all files anew by their paths, after they were renamed. One that cannot be opened stays as it was, and the log
     * says so.
     *
     * @return ends when it is done
     */
    public CompletableFuture<Void> reopen() {
        return hasThread() ? writer.reopen() : CompletableFuture.completedFuture(null);
    }

    /** How many lines were lost: dropped because their ring was full, or left when the balancer stopped on a full disk. */
    public long lostLines() {
        return lost.all();
    }

    /** How many times a write has failed; what was to be written is then written again. */
    public long failedWrites() {
        return writer.failures();
    }

    /**
     * Writes all that is on its way, and closes the files. For the end, when no event loop logs any more.
     *
     * @return ends when it is done, or was given up because it cannot be written
     */
    public CompletableFuture<Void> close() {
        return hasThread()
                ? writer.close().whenComplete((written, failed) -> lost.close())
                : CompletableFuture.completedFuture(null);
    }

    private synchronized boolean hasThread() {
        return thread != null;
    }

    long nowMillis() {
        return clock.millis();
    }

    /** A new way to a destination; null if it is not open. */
    @Nullable
    LogRing ringTo(LogDestination destination) {
        return writer.ringTo(destination, ringSize);
    }

    void offer(LogRing to, Line line) {
        if (to.lines().offer(line.bytes(), line.length())) {
            writer.wake();
        } else {
            lost.dropped();
        }
    }
}
