package dev.pointsman.balancer.proxy;

import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many clients may be connected at a time, over all event loops. Thread-safe. */
public final class Admission {
    private static final Logger log = LoggerFactory.getLogger(Admission.class);

    private final int most;
    private final AtomicInteger connections = new AtomicInteger();

    public Admission(int most) {
        this.most = most;
    }

    /** Counts a new connection; false if the house was full already and it should be closed. */
    boolean admits() {
        int now = connections.incrementAndGet();
        if (now == most + 1) {
            log.warn("{} clients are connected, which is the limit (--max-connections): others are turned away", most);
        }
        return now <= most;
    }

    /** Counts a connection that closed, admitted or not. */
    void left() {
        connections.decrementAndGet();
    }
}
