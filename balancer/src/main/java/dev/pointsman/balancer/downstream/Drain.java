package dev.pointsman.balancer.downstream;

/**
 * The switch that begins the draining of client connections: once the balancer is about to stop, every response tells
 * its client to send no further request on the connection, so that none is lost when it closes. Thread-safe.
 */
public final class Drain {
    private volatile boolean draining;

    /** Begins the draining: from now on, connections end with their current response. */
    public void begin() {
        draining = true;
    }

    public boolean isDraining() {
        return draining;
    }
}
