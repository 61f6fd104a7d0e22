package dev.pointsman.balancer.downstream;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many clients may be connected at a time, over all event loops. Thread-safe. */
public final class ConnectionLimit {
    private static final Logger log = LoggerFactory.getLogger(ConnectionLimit.class);

    private final int most;
    private final AtomicInteger connections = new AtomicInteger();

    /** Whether it was said that others are turned away, and nobody was let in since. */
    private final AtomicBoolean full = new AtomicBoolean();

    public ConnectionLimit(int most) {
        this.most = most;
    }

    /** Counts a new connection; false, and not counted, if the house was full already and it should be turned away. */
    public boolean admits() {
        if (connections.incrementAndGet() <= most) {
            full.set(false);
            return true;
        }
        connections.decrementAndGet();
        if (full.compareAndSet(false, true)) {
            log.warn("{} clients are connected, which is the limit (--max-connections): others are turned away", most);
        }
        return false;
    }

    /** Counts a connection that was admitted and closed. */
    public void left() {
        connections.decrementAndGet();
    }
}
