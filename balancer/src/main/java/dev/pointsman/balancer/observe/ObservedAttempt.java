package dev.pointsman.balancer.observe;

import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.pool.Upstream;
import org.jspecify.annotations.Nullable;

/**
 * An attempt of a request, as those see it who count, trace and log it. All times are of the observers' clock, in nanoseconds.
 * For the request's event loop.
 */
public abstract class ObservedAttempt {
    private final ObservedRequest request;
    private final LoopObservers observers;
    private final Upstream to;
    private final @Nullable String service;
    private final int number;
    private final long began;
    private final @Nullable AttemptTrace trace;
    private long connectedAt;
    private long respondedAt;
    private long endedAt;
    private boolean connected;
    private boolean reused;
    private boolean ended;
    private int status;
    private @Nullable FailureKind failure;

    /** An attempt that begins now. */
    protected ObservedAttempt(ObservedRequest request, Upstream to) {
        this.request = request;
        this.observers = request.observers();
        this.to = to;
        // A request can go on to another one.
        this.service = request.service();
        this.number = request.attemptBegins(to);
        this.began = observers.isEmpty() ? 0 : observers.now();
        RequestTrace traced = request.trace();
        this.trace = traced == null ? null : traced.attempt(this);
    }

    public final ObservedRequest request() {
        return request;
    }

    public final Upstream upstream() {
        return to;
    }

    /** The name of the target whose instance it is; null for none. */
    public final @Nullable String service() {
        return service;
    }

    /** Counts the attempts of the request, from 1. */
    public final int number() {
        return number;
    }

    public final long beganNanos() {
        return began;
    }

    /** 0 where nobody needs it: of an attempt with a connection and without a span. */
    public final long endedNanos() {
        return endedAt;
    }

    /** Whether a connection stood. */
    public final boolean isConnected() {
        return connected;
    }

    /** Whether it went on a connection that had served a request before. */
    public final boolean isReused() {
        return reused;
    }

    /** How long it took until the connection stood, or could not be had; 0 for one that was idle. */
    public final long connectNanos() {
        return (connected ? connectedAt : endedAt) - began;
    }

    /** From the connection's being there to the head of the response; -1 if none came. */
    public final long firstByteNanos() {
        return status == 0 ? -1 : respondedAt - connectedAt;
    }

    /** The status of the instance's response; 0 if none came. */
    public final int status() {
        return status;
    }

    /** Why it failed, before or after its response began; null if it did not, or if it was given up for the client's sake. */
    public final @Nullable FailureKind failure() {
        return failure;
    }

    /** Its span; null where the request is not traced. */
    public final @Nullable AttemptTrace trace() {
        return trace;
    }

    /** Notes that the request goes out on a connection from now on. */
    protected final void noteConnected(boolean onUsedConnection) {
        connected = true;
        reused = onUsedConnection;
        RequestSteps steps = request.steps();
        if (steps != null) {
            steps.connected(onUsedConnection);
        }
        if (onUsedConnection) {
            // It was at hand: one look at the clock less.
            connectedAt = began;
        } else if (!observers.isEmpty()) {
            connectedAt = observers.now();
            request.connecting(connectedAt - began);
        }
    }

    /** Notes that the head of the final response is there. */
    protected final void noteResponse(int withStatus) {
        status = withStatus;
        RequestSteps steps = request.steps();
        if (steps != null) {
            steps.responded(withStatus);
        }
        if (!observers.isEmpty()) {
            respondedAt = observers.now();
            request.responded(respondedAt);
        }
    }

    /** Notes the end, and tells of it; only the first call counts. */
    protected final void noteEnd(@Nullable FailureKind because) {
        if (ended) {
            return;
        }
        ended = true;
        failure = because;
        if (observers.isEmpty()) {
            return;
        }
        if (trace != null || !connected) {
            endedAt = observers.now();
        }
        if (!connected) {
            request.connecting(endedAt - began);
        }
        if (trace != null) {
            trace.ended(this);
        }
        observers.attemptEnded(this);
    }
}
