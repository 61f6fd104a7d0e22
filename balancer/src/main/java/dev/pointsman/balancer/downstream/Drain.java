package dev.pointsman.balancer.downstream;

/**
 * The switch that begins the draining of client connections: once the balancer is about to stop, every response tells
 * its client to send no further request on the connection, so that none is lost when it closes. Thread-safe.
 */
public final class Drain {
    private volatile boolean draining;

    /** From now on, connections end with the response they carry. */
    public void begin() {
        draining = true;
    }

    public boolean isDraining() {
        return draining;
    }
}
