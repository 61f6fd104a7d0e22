package dev.pointsman.balancer.admin;

/**
 * The state of the balancer by which a load balancer or a supervisor before it knows whether to send it traffic.
 * Thread-safe.
 */
public final class BalancerReadiness {
    private volatile State state = State.STARTING;

    /** Where in its life the balancer is. */
    public enum State {
        /** Not every routed service has been looked up yet. */
        STARTING,
        READY,
        /** On its way down: finishes what it has. */
        STOPPING
    }

    public State state() {
        return state;
    }

    public void become(State next) {
        state = next;
    }
}
