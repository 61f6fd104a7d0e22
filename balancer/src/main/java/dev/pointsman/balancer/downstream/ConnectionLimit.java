package dev.pointsman.balancer.downstream;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The limit of client connections at a time, over all event loops. Thread-safe. */
public final class ConnectionLimit {
    /** For so long none must have been rejected until it is said to be over. */
    static final Duration CALM = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(ConnectionLimit.class);

    private final int max;
    private final LongSupplier nanoTime;
    private final AtomicInteger connections = new AtomicInteger();
    private final Http2Counts http2 = new Http2Counts();

    /** Whether it was logged that connections are rejected, and not yet that it is over. */
    private final AtomicBoolean full = new AtomicBoolean();

    private final LongAdder rejected = new LongAdder();
    private final LongAdder allAdmitted = new LongAdder();
    private final LongAdder allRejected = new LongAdder();
    private volatile long lastRejected;

    public ConnectionLimit(int max, LongSupplier nanoTime) {
        this.max = max;
        this.nanoTime = nanoTime;
    }

    /** Counts a new connection; false, and not counted, if the limit is reached and the connection has to be rejected. */
    public boolean tryAcquire() {
        if (connections.incrementAndGet() <= max) {
            allAdmitted.increment();
            logEnd();
            return true;
        }
        connections.decrementAndGet();
        rejected.increment();
        allRejected.increment();
        lastRejected = nanoTime.getAsLong();
        if (full.compareAndSet(false, true)) {
            log.warn("{} clients are connected, which is the limit (max-connections): others are rejected", max);
        }
        return false;
    }

    private void logEnd() {
        if (full.get() && nanoTime.getAsLong() - lastRejected >= CALM.toNanos() && full.compareAndSet(true, false)) {
            log.info("clients are no longer rejected; {} were", rejected.sumThenReset());
        }
    }

    /** The counts of those that speak HTTP/2. */
    public Http2Counts http2() {
        return http2;
    }

    /** How many are open. */
    public int open() {
        return connections.get();
    }

    /** How many were admitted since the start. */
    public long admitted() {
        return allAdmitted.sum();
    }

    /** How many were rejected since the start. */
    public long rejected() {
        return allRejected.sum();
    }

    /** Counts a connection that was admitted and closed. */
    public void release() {
        connections.decrementAndGet();
    }
}
