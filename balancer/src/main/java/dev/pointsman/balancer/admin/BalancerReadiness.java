package dev.pointsman.balancer.admin;

import java.util.function.IntSupplier;

/**
 * The state of the balancer by which a load balancer or a supervisor before it knows whether to send it traffic.
 * Thread-safe.
 */
public final class BalancerReadiness {
    private volatile ReadinessState state = ReadinessState.STARTING;
    private volatile IntSupplier missing = () -> 0;

    /** The stages of the balancer's life. */
    public enum ReadinessState {
        /** The balancer is starting: not every routed service has been looked up yet. */
        STARTING,
        READY,
        /** The balancer is stopping, and finishes the requests in flight. */
        STOPPING
    }

    /**
     * Notes what the start waits for, to be told to those who ask.
     *
     * @param targets the number of targets whose first view is not there yet; any thread
     */
    public void awaiting(IntSupplier targets) {
        missing = targets;
    }

    /** The number of targets that the start waits for. */
    public int missing() {
        return missing.getAsInt();
    }

    public ReadinessState state() {
        return state;
    }

    public void become(ReadinessState next) {
        state = next;
    }
}
