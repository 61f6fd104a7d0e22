package dev.pointsman.balancer.admin;

/**
 * The state of the balancer by which a load balancer or a supervisor before it knows whether to send it traffic.
 * Thread-safe.
 */
public final class BalancerReadiness {
    private volatile ReadinessState state = ReadinessState.STARTING;

    /** The stages of the balancer's life. */
    public enum ReadinessState {
        /** The balancer is starting: not every routed service has been looked up yet. */
        STARTING,
        READY,
        /** The balancer is stopping, and finishes the requests in flight. */
        STOPPING
    }

    public ReadinessState state() {
        return state;
    }

    public void become(ReadinessState next) {
        state = next;
    }
}
