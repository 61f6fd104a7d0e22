package dev.pointsman.balancer.admin;

/**
 * The state of the balancer by which a load balancer or a supervisor before it knows whether to send it traffic.
 * Thread-safe.
 */
public final class BalancerReadiness {
    private volatile State state = State.STARTING;

    /** The stages of the balancer's life. */
    public enum State {
        /** Not every routed service has been looked up yet. */
        STARTING,
        READY,
        /** The balancer is stopping, and finishes the requests in flight. */
        STOPPING
    }

    public State state() {
        return state;
    }

    public void become(State next) {
        state = next;
    }
}
