package dev.pointsman.balancer.observe;

import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.pool.Upstream;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A request with its response, as those see it who count, trace and log it; told of once, when it is over. All times are of
 * the observers' clock, in nanoseconds. For the request's event loop.
 *
 * <pre>
 *   began ──► (waited for a permit) ──► (connecting) ──► first byte ──► ended
 * </pre>
 */
public abstract class ObservedRequest {
    private final LoopObservers observers;
    private final @Nullable RequestSteps steps;
    private final long began;
    private @Nullable RequestTrace trace;
    private @Nullable Upstream upstream;
    private @Nullable FailureKind failure;
    private RequestEnding ending = RequestEnding.COMPLETE;
    private int attempts;
    private long waitBegan;
    private long waited;
    private long connecting;
    private boolean opened;
    private long respondedAt;
    private long endedAt;
    private boolean waits;
    private boolean responded;
    private boolean ended;

    /**
     * A request that begins now.
     *
     * @param observers told when it is over
     * @param steps told of each step; null for nobody
     */
    protected ObservedRequest(LoopObservers observers, @Nullable RequestSteps steps) {
        this.observers = observers;
        this.steps = steps;
        this.began = observers.isEmpty() ? 0 : observers.now();
    }

    // ---- what was asked

    /** The method as it was sent. */
    public abstract String method();

    /** The request target as it was sent; empty where it could not be read. */
    public abstract String uri();

    /** The protocol's version: {@code 1.1}. */
    public abstract String protocolVersion();

    /** The requested host with its port; null if none was named. */
    public abstract @Nullable String host();

    /** {@code http}, or {@code https} where the client came by TLS to us or to a trusted proxy before us. */
    public abstract String scheme();

    /** The address of the other end of the connection. */
    public abstract String peerAddress();

    /** The port of the other end of the connection; 0 where it is not known. */
    public abstract int peerPort();

    /** Whether the other end is a trusted proxy, whose word about where a request comes from is believed. */
    public abstract boolean isPeerTrusted();

    /** The address where the request came from first, as far as that is believed. */
    public abstract String originAddress();

    /** The fields of the request. */
    public abstract HttpHeaders fields();

    /** The id that the logs on both sides know it by. */
    public abstract String id();

    // ---- where it went

    /** The route that took it, as it is written in the configuration; null for none. */
    public abstract @Nullable String observedRoute();

    /** The name of the target that the route leads to; null for none. */
    public abstract @Nullable String service();

    /** The request target as instances get it; null where none gets it. */
    public abstract @Nullable String forwardedTarget();

    /** The instance of its last attempt; null if there was none. */
    public final @Nullable Upstream lastUpstream() {
        return upstream;
    }

    /** How many attempts there were; more than one: it was sent again. */
    public final int attempts() {
        return attempts;
    }

    // ---- what became of it

    /** The status of the response; 499 where the client left before one began. */
    public abstract int status();

    /** The fields of the response. */
    public abstract HttpHeaders responseFields();

    /** Bytes of the request's body that were received, and of what came through a tunnel. */
    public abstract long requestBytes();

    /** Bytes of the response's body that were sent, and of what went through a tunnel. */
    public abstract long responseBytes();

    public final RequestEnding ending() {
        return ending;
    }

    /** Why no instance's response went out whole; null if one did, or if the client left. */
    public final @Nullable FailureKind failure() {
        return failure;
    }

    // ---- how long it took

    public final long beganNanos() {
        return began;
    }

    public final long endedNanos() {
        return endedAt;
    }

    /** From the request's head to the last byte of the response. */
    public final long durationNanos() {
        return endedAt - began;
    }

    /** How long it waited for permits; 0 for not at all. */
    public final long waitedNanos() {
        return waited;
    }

    /** Whether a connection was opened for it, or tried to. */
    public final boolean opened() {
        return opened;
    }

    /** How long its attempts were connecting, all together; 0 where each had a connection that was idle. */
    public final long connectNanos() {
        return connecting;
    }

    /** From the request's head to the head of an instance's final response; -1 if there was none. */
    public final long firstByteNanos() {
        return responded ? respondedAt - began : -1;
    }

    /** From the head of an instance's final response to the last byte of its body; -1 if there was none. */
    public final long bodyNanos() {
        return responded ? endedAt - respondedAt : -1;
    }

    /** Its part in a trace; null where it is not traced. */
    public final @Nullable RequestTrace trace() {
        return trace;
    }

    // ---- the notes

    final LoopObservers observers() {
        return observers;
    }

    @Nullable
    final RequestSteps steps() {
        return steps;
    }

    /** Whether anybody wants to know of it once it is over. */
    private boolean isObserved() {
        return !observers.isEmpty();
    }

    /** Begins or continues its trace, where there are traces; its fields and its route have to be known. */
    public final void beginTrace() {
        RequestTracer tracer = observers.tracer();
        if (tracer != null) {
            trace = tracer.begin(this);
        }
    }

    /** Notes that it waits for a permit from now on. */
    public final void noteWait() {
        if (steps != null) {
            steps.waitBegins();
        }
        if (isObserved() && !waits) {
            waits = true;
            waitBegan = observers.now();
        }
    }

    /** Notes that it does not wait any more. */
    public final void noteWaitEnd() {
        if (steps != null) {
            steps.waitEnds();
        }
        if (waits) {
            waits = false;
            waited += observers.now() - waitBegan;
        }
    }

    /** Notes why it fails; the first reason counts. */
    public final void noteFailure(FailureKind because) {
        if (failure == null) {
            failure = because;
        }
    }

    /** Notes that its response breaks off midway because of its instance. */
    public final void noteCutShort(FailureKind because) {
        noteFailure(because);
        ending = RequestEnding.CUT_SHORT;
    }

    /** Notes that its client has left. */
    public final void noteClientGone() {
        if (ending == RequestEnding.COMPLETE) {
            ending = RequestEnding.CLIENT_GONE;
        }
    }

    int attemptBegins(Upstream to) {
        if (steps != null) {
            steps.attemptBegins(to);
        }
        upstream = to;
        return ++attempts;
    }

    void connecting(long nanos) {
        opened = true;
        connecting += nanos;
    }

    void responded(long at) {
        responded = true;
        respondedAt = at;
    }

    /** Notes the end, and tells of it; only the first call counts. */
    public final void noteEnd() {
        if (ended) {
            return;
        }
        ended = true;
        if (!isObserved()) {
            return;
        }
        noteWaitEnd();
        endedAt = observers.now();
        if (trace != null) {
            trace.ended(this);
        }
        observers.requestEnded(this);
    }
}
