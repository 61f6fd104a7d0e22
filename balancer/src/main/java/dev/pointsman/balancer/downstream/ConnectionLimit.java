package dev.pointsman.balancer.downstream;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The limit of client connections at a time, over all event loops. Thread-safe. */
public final class ConnectionLimit {
    private static final Logger log = LoggerFactory.getLogger(ConnectionLimit.class);

    private final int max;
    private final AtomicInteger connections = new AtomicInteger();

    /** Whether it was logged that connections are rejected, and none was accepted since. */
    private final AtomicBoolean full = new AtomicBoolean();

    public ConnectionLimit(int max) {
        this.max = max;
    }

    /** Counts a new connection; false, and not counted, if the limit is reached and the connection has to be rejected. */
    public boolean tryAcquire() {
        if (connections.incrementAndGet() <= max) {
            full.set(false);
            return true;
        }
        connections.decrementAndGet();
        if (full.compareAndSet(false, true)) {
            log.warn("{} clients are connected, which is the limit (--max-connections): others are rejected", max);
        }
        return false;
    }

    /** Counts a connection that was admitted and closed. */
    public void release() {
        connections.decrementAndGet();
    }
}
