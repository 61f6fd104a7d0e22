package dev.pointsman.balancer.downstream;

/**
 * Taking leave of clients: from the moment the balancer is about to stop, every answer tells its client to open no
 * further request on this connection, so that none is lost when it closes. Thread-safe.
 */
public final class Drain {
    private volatile boolean draining;

    /** From now on, connections end with the answer they carry. */
    public void begin() {
        draining = true;
    }

    public boolean isDraining() {
        return draining;
    }
}
