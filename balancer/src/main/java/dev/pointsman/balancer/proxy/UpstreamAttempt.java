package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.filter.RouteGate;
import dev.pointsman.balancer.observe.ObservedAttempt;
import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.balancer.upstream.BadResponseException;
import dev.pointsman.balancer.upstream.ResponseListener;
import dev.pointsman.balancer.upstream.StreamListener;
import dev.pointsman.balancer.upstream.UpstreamStream;
import dev.pointsman.pool.Attempt;
import dev.pointsman.pool.Outcome;
import dev.pointsman.pool.Upstream;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.timeout.ReadTimeoutException;
import io.vertx.core.MultiMap;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of an exchange at one upstream: connect, send, and relay the response. What follows a failure is decided
 * by the exchange. Lives on one event loop, and ends exactly once.
 */
final class UpstreamAttempt extends ObservedAttempt implements StreamListener, ResponseListener {
    private final EventLoopContext loop;
    private final RoutedRequest routed;
    private final @Nullable RequestBodyRelay body;
    private final Attempt attempt;
    private final Owner owner;

    private @Nullable UpstreamStream stream;
    private @Nullable ResponseRelay relay;
    private @Nullable Tunnel tunnel;
    private @Nullable InterimRelay interims;
    private Outcome responseOutcome = Outcome.UNDECIDED;
    private boolean sent;
    private boolean cut;
    private boolean over;

    /** The exchange that the attempt belongs to, as the receiver of its progress. */
    interface Owner {
        /** Called when the request is written whole: {@link #sendAndAwaitResponse} is to be called. */
        void requestSent(UpstreamAttempt attempt);

        /** Called when the response has not begun in time: the attempt is to be given more time, or to be ended. */
        void responseTimedOut(UpstreamAttempt attempt);

        /** Called when a part of the response, if only an interim one, goes to the client: there can be no other attempt. */
        void responseBegins();

        /** Called when the head of the response has arrived, with its fields in the client's response. */
        void responding(Upstream by);

        /** Called when the attempt failed before a response began. */
        void failed(FailureKind kind, Throwable cause);

        /** Called when the attempt and the exchange are over: the response is complete, or broken off midway. */
        void over();
    }

    UpstreamAttempt(
            EventLoopContext loop,
            RoutedRequest routed,
            @Nullable RequestBodyRelay body,
            Attempt attempt,
            Owner owner) {
        super(routed, attempt.upstream());
        this.loop = loop;
        this.routed = routed;
        this.body = body;
        this.attempt = attempt;
        this.owner = owner;
    }

    /**
     * Begins the attempt.
     *
     * @param onNewConnection whether an idle one will not do
     */
    void start(boolean onNewConnection) {
        loop.connections().connect(upstream(), routed.options().pool().transport(), onNewConnection, this);
    }

    /** Ends the attempt without waiting for a response any longer. What was relayed of one stays so. */
    void abandon(Outcome outcome, @Nullable FailureKind because) {
        end(outcome, because);
        UpstreamStream used = stream;
        if (used != null) {
            used.close();
        }
        if (relay != null) {
            relay.abandon();
        }
    }

    /**
     * Breaks off what was relayed of a response, if anything was.
     *
     * @param code what the client is told in HTTP/2 (RFC 9113, 7)
     */
    ResponseRelay.Aborted abortResponse(long code) {
        ResponseRelay begun = relay;
        return begun == null ? ResponseRelay.Aborted.NOTHING_SENT : begun.abort(code);
    }

    /** Sends what was written, and gives the head of the response so many nanoseconds to come. */
    void sendAndAwaitResponse(long nanos) {
        UpstreamStream on = stream;
        if (on != null) {
            on.flush();
            on.awaitResponse(nanos);
        }
    }

    /** Gives the head of the response more time, in nanoseconds from now on. */
    void awaitResponse(long nanos) {
        UpstreamStream on = stream;
        if (on != null) {
            on.awaitResponse(nanos);
        }
    }

    /** Ends the attempt because its response has not begun in time. */
    void timeOut() {
        UpstreamStream on = stream;
        if (on != null) {
            on.close();
        }
        failed(ReadTimeoutException.INSTANCE);
    }

    @Override
    public void notConnected(Throwable cause) {
        if (!over) {
            failedBefore(Failures.ofConnecting(cause), cause);
        }
    }

    /** Ends the attempt before anything was sent. */
    private void failedBefore(FailureKind kind, Throwable cause) {
        end(Failures.blame(kind, cause), kind);
        owner.failed(kind, cause);
    }

    @Override
    public void connected(UpstreamStream ready) {
        if (over) {
            ready.returnUnused();
            return;
        }
        if (routed.wantsUpgrade() && !ready.takesWebSocket()) {
            ready.returnUnused();
            failedBefore(FailureKind.NO_WEBSOCKET, new IOException("the instance does not announce RFC 8441"));
            return;
        }
        stream = ready;
        noteConnected(ready.isReused());
        try {
            begin(ready);
        } catch (OutOfMemoryError noBuffer) {
            ready.close();
            failed(noBuffer);
        }
    }

    private void begin(UpstreamStream ready) {
        loop.requestHead().write(routed, upstream(), trace(), ready.begin(routed, this));
        if (body == null) {
            requestWritten();
        } else {
            body.sendTo(ready);
        }
    }

    /** Notes that all of the request is written. */
    void requestWritten() {
        if (stream != null) {
            sent = true;
            owner.requestSent(this);
        }
    }

    @Override
    public void responseTimedOut() {
        owner.responseTimedOut(this);
    }

    /** The fields of the final response are read into the client's response at once. */
    @Override
    public HttpHeaders fields(int status) {
        if (status < 200) {
            return DefaultHttpHeadersFactory.headersFactory().newHeaders();
        }
        MultiMap own = routed.request().response().headers();
        own.clear();
        return (HttpHeaders) own;
    }

    @Override
    public void interim(HttpResponse interim) {
        InterimRelay relaying = interims == null ? new InterimRelay(routed, body) : interims;
        interims = relaying;
        switch (relaying.relay(interim)) {
            case SENT -> owner.responseBegins();
            case WITHHELD -> {
                // The client waits for none, or has to do without.
            }
            case TOO_MUCH -> refuse("interim responses without an end");
        }
    }

    /** Ends the attempt because of a response that cannot be relayed. */
    private void refuse(String flaw) {
        UpstreamStream from = stream;
        if (from != null) {
            from.close();
            failed(new BadResponseException(flaw));
        }
    }

    @Override
    public void head(HttpResponse head) {
        UpstreamStream from = stream;
        if (from == null) {
            return;
        }
        if (body != null) {
            respondedEarly(body, from);
        }
        noteResponse(head.status().code());
        responseOutcome = Outcome.ofStatus(head.status().code());
        judgeGrpc(head.headers());
        attempt.responseBegan(responseOutcome);
        if (head.status().code() == 101) {
            switched(head, from);
        } else {
            ResponseRelay begun = new ResponseRelay(routed, from);
            relay = begun;
            RouteGate gate = routed.gate();
            if (gate != null) {
                // Before the cookie of a sticky session, which is not the instance's.
                gate.changeResponse(
                        head.headers(), routed, upstream().instance().authority());
            }
            owner.responding(upstream());
            begun.head(head);
        }
    }

    /** A call of gRPC says at its end how it went, whatever the status of HTTP. */
    private void judgeGrpc(HttpHeaders section) {
        if (routed.isGrpc() && GrpcStatus.blamesServer(section)) {
            responseOutcome = Outcome.ERROR_STATUS;
        }
    }

    /** Handles the head of a response that may have come before the body was sent. */
    private void respondedEarly(RequestBodyRelay unsent, UpstreamStream from) {
        unsent.responseBegan();
        if (cut) {
            unsent.discard();
        }
        if (!sent && (cut || !from.takesRest())) {
            routed.client().closeAfterResponse();
        }
    }

    private void switched(HttpResponse head, UpstreamStream from) {
        if (routed.wantsUpgrade() && RoutedRequest.isWebSocket(head.headers())) {
            Tunnel opened = new Tunnel(routed, from, this::tunnelClosed);
            tunnel = opened;
            routed.becomes(opened);
            owner.responding(upstream());
            opened.open(head);
        } else {
            refuse("101 to a protocol that was not asked for");
        }
    }

    @Override
    public void chunk(ByteBuf bytes) {
        if (relay != null) {
            relay.chunk(bytes);
        } else if (tunnel != null) {
            tunnel.fromUpstream(bytes);
        } else {
            bytes.release();
        }
    }

    @Override
    public void pauseInReading() {
        if (relay != null) {
            relay.pauseInReading();
        }
    }

    @Override
    public void end(HttpHeaders trailers) {
        ResponseRelay begun = relay;
        UpstreamStream from = stream;
        if (over || begun == null || from == null) {
            return;
        }
        judgeGrpc(trailers);
        end(responseOutcome, null);
        if (sent) {
            from.finished();
        } else {
            // Responded before it was sent whole: what is left of it must not reach the next user of the connection.
            from.close();
        }
        owner.over();
        begun.end(trailers);
    }

    @Override
    public void failed(Throwable cause) {
        if (tunnel != null) {
            tunnel.upstreamClosed();
            return;
        }
        if (over) {
            return;
        }
        FailureKind kind = Failures.ofWaiting(cause);
        end(Failures.blame(kind, cause), kind);
        ResponseRelay begun = relay;
        if (begun == null) {
            owner.failed(kind, cause);
            return;
        }
        owner.over();
        routed.noteCutShort(kind);
        loop.failureLog().responseAborted(routed, kind, upstream(), cause);
        if (begun.abort(Failures.resetCode(kind, cause)) == ResponseRelay.Aborted.NOTHING_SENT) {
            LiveExplanation explanation = routed.explanation();
            if (explanation != null) {
                explanation.failed(kind, "response-began");
            }
            Failures.reply(routed, kind, cause);
        }
    }

    @Override
    public void requestSending() {
        UpstreamStream to = stream;
        if (body != null && to != null) {
            body.requestSending(to);
        }
    }

    /** Stops the upload. A response that comes all the same is passed on, and its client may have to send first. */
    @Override
    public void requestCut() {
        cut = true;
        if (body != null && relay != null) {
            body.discard();
        } else if (body != null) {
            body.suspend();
        }
    }

    @Override
    public void writable() {
        if (tunnel != null) {
            tunnel.upstreamWritable();
        } else if (body != null) {
            body.resume();
        }
    }

    private void tunnelClosed() {
        end(responseOutcome, null);
        owner.over();
        routed.noteEnd();
    }

    private void end(Outcome outcome, @Nullable FailureKind because) {
        over = true;
        attempt.end(outcome);
        noteEnd(because);
    }
}
