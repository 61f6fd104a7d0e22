package dev.pointsman.balancer.admin;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.IntSupplier;

/**
 * The state of the balancer by which a load balancer or a supervisor before it knows whether to send it traffic.
 * Thread-safe.
 */
public final class BalancerReadiness {
    private final InstantSource clock;
    private final Instant startedAt;
    private volatile ReadinessStage stage;
    private volatile String step = "";
    private volatile IntSupplier missing = () -> 0;

    /** The stages of the balancer's life. */
    public enum ReadinessState {
        /** The balancer is starting: not every routed service has been looked up yet. */
        STARTING,
        READY,
        /** The balancer is stopping, and finishes the requests in flight. */
        STOPPING
    }

    /** A state, and since when it is the balancer's. */
    record ReadinessStage(ReadinessState state, Instant since) {}

    /** A balancer that begins to start now. */
    public BalancerReadiness(InstantSource clock) {
        this.clock = clock;
        this.startedAt = clock.instant();
        this.stage = new ReadinessStage(ReadinessState.STARTING, startedAt);
    }

    /**
     * Notes what the start waits for, to be told to those who ask.
     *
     * @param targets the number of targets whose first view is not there yet; any thread
     */
    public void awaiting(IntSupplier targets) {
        missing = targets;
    }

    /** Notes the step of the start that is under way, in a few words for people: {@code opening the port for clients}. */
    public void begin(String next) {
        step = next;
    }

    /** The step of the start that is under way; empty before the first. */
    String step() {
        return step;
    }

    /** The number of targets that the start waits for. */
    public int missing() {
        return missing.getAsInt();
    }

    public ReadinessState state() {
        return stage.state();
    }

    ReadinessStage stage() {
        return stage;
    }

    /** When the balancer began to start. */
    Instant startedAt() {
        return startedAt;
    }

    public void become(ReadinessState next) {
        stage = new ReadinessStage(next, clock.instant());
    }
}
