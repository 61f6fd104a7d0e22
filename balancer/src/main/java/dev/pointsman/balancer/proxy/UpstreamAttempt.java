package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.downstream.ClientConnection;
import dev.pointsman.balancer.http.HeadBuffer;
import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.balancer.upstream.BadResponseException;
import dev.pointsman.balancer.upstream.ResponseListener;
import dev.pointsman.balancer.upstream.UpstreamConnection;
import dev.pointsman.balancer.upstream.UpstreamConnections;
import dev.pointsman.pool.Attempt;
import dev.pointsman.pool.Outcome;
import dev.pointsman.pool.Upstream;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of an exchange at one upstream: connect, send, and relay the response. What follows a failure is decided
 * by the exchange. Lives on one event loop, and ends exactly once.
 */
final class UpstreamAttempt implements UpstreamConnections.ConnectListener, ResponseListener {
    private final EventLoopContext loop;
    private final RoutedRequest routed;
    private final @Nullable RequestBodyRelay body;
    private final Attempt attempt;
    private final Owner owner;

    private @Nullable UpstreamConnection connection;
    private @Nullable ResponseRelay relay;
    private @Nullable Tunnel tunnel;
    private Outcome responseOutcome = Outcome.UNDECIDED;
    private boolean sent;
    private boolean over;

    /** The exchange that the attempt belongs to, as far as it is told of the progress. */
    interface Owner {
        /** The request is sent whole: for how long to wait for its response, in nanoseconds. */
        long responseTimeoutNanos();

        /** The response has not begun within that time; see {@link ResponseListener#responseTimedOut()}. */
        long responseTimedOut();

        /** Something of the response, if only an interim one, goes to the client: there can be no other attempt. */
        void responseBegins();

        /** The head of the response is there, its fields are in the client's response. */
        void responding(Upstream by);

        /** It failed before a response began. */
        void failed(FailureKind kind, Throwable cause);

        /** It is over, and so is the exchange: the response is complete, or broken off midway. */
        void over();
    }

    UpstreamAttempt(
            EventLoopContext loop,
            RoutedRequest routed,
            @Nullable RequestBodyRelay body,
            Attempt attempt,
            Owner owner) {
        this.loop = loop;
        this.routed = routed;
        this.body = body;
        this.attempt = attempt;
        this.owner = owner;
    }

    Upstream upstream() {
        return attempt.upstream();
    }

    /**
     * Begins.
     *
     * @param onNewConnection whether an idle one will not do
     */
    void start(boolean onNewConnection) {
        if (onNewConnection) {
            loop.connections().open(upstream(), this);
        } else {
            loop.connections().connect(upstream(), this);
        }
    }

    /** Ends it without waiting for a response any longer. What was relayed of one stays so. */
    void abandon(Outcome outcome) {
        end(outcome);
        UpstreamConnection used = connection;
        if (used != null) {
            used.close();
        }
    }

    /** Whether the client can still be told something else: nothing of a response has gone to it. True once. */
    boolean nothingReachedClient() {
        ResponseRelay begun = relay;
        return begun == null || begun.abort();
    }

    @Override
    public void notConnected(Throwable cause) {
        if (!over) {
            FailureKind kind = Failures.ofConnecting(cause);
            end(Failures.outcomeOf(kind));
            owner.failed(kind, cause);
        }
    }

    @Override
    public void connected(UpstreamConnection ready) {
        if (over) {
            ready.returnUnused();
            return;
        }
        connection = ready;
        ready.begin(this, routed.isHead());
        HeadBuffer head = loop.requestHead().write(routed, upstream());
        ByteBuf bytes = ready.buffer(head.length());
        head.writeTo(bytes::writeBytes);
        ready.write(bytes);
        if (body == null) {
            sent();
        } else {
            body.sendTo(ready);
        }
    }

    /** All of the request is written. */
    void sent() {
        UpstreamConnection on = connection;
        if (on != null) {
            sent = true;
            on.requestSent(owner.responseTimeoutNanos());
        }
    }

    @Override
    public long responseTimedOut() {
        return owner.responseTimedOut();
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
        if (body != null && interim.status().code() == 100 && body.continueReceived()) {
            return;
        }
        if (routed.client().sendInterim(interim, routed.request()) == ClientConnection.InterimOutcome.SENT) {
            owner.responseBegins();
        }
    }

    @Override
    public void head(HttpResponse head) {
        UpstreamConnection from = connection;
        if (from == null) {
            return;
        }
        if (body != null) {
            body.responseBegan();
        }
        responseOutcome = Outcome.ofStatus(head.status().code());
        attempt.answering(responseOutcome);
        if (head.status().code() == 101) {
            switched(head, from);
        } else {
            ResponseRelay begun = new ResponseRelay(routed, from);
            relay = begun;
            owner.responding(upstream());
            begun.head(head);
        }
    }

    private void switched(HttpResponse head, UpstreamConnection from) {
        if (routed.wantsUpgrade() && RoutedRequest.isWebSocket(head.headers())) {
            Tunnel opened = new Tunnel(routed, from, this::tunnelClosed);
            tunnel = opened;
            owner.responding(upstream());
            opened.open(head);
        } else {
            from.close();
            failed(new BadResponseException("101 to a protocol that was not asked for"));
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
        UpstreamConnection from = connection;
        if (over || begun == null || from == null) {
            return;
        }
        end(responseOutcome);
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
        end(Failures.outcomeOf(kind));
        ResponseRelay begun = relay;
        if (begun == null) {
            owner.failed(kind, cause);
            return;
        }
        owner.over();
        loop.failureLog().responseAborted(routed, kind, upstream(), cause);
        if (begun.abort()) {
            Failures.reply(routed, kind);
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
        end(responseOutcome);
        owner.over();
    }

    private void end(Outcome outcome) {
        over = true;
        attempt.end(outcome);
    }
}
