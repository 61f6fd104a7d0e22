package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.downstream.InterimResponses;
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
 * One attempt of an exchange on the wire: connect, send, and pass the answer on. What to do when it fails is the exchange's
 * business. Lives on one event loop, and ends exactly once.
 */
final class UpstreamAttempt implements UpstreamConnections.Waiting, ResponseListener {
    private final EventLoopContext parts;
    private final RoutedRequest incoming;
    private final @Nullable RequestBodyRelay body;
    private final Attempt attempt;
    private final Owner owner;

    private @Nullable UpstreamConnection connection;
    private @Nullable ResponseRelay relay;
    private @Nullable Tunnel tunnel;
    private Outcome answered = Outcome.UNDECIDED;
    private boolean sent;
    private boolean over;

    /** Hears how it goes. */
    interface Owner {
        /** The request is sent whole: for how long its answer may keep it waiting, in nanoseconds. */
        long answerWithinNanos();

        /** It keeps it waiting for longer than that; see {@link ResponseListener#late()}. */
        long late();

        /** Something of the answer, if only an interim one, goes to the client: there can be no other attempt. */
        void answerBegins();

        /** The head of the answer is there, its fields are in the client's answer. */
        void answering(Upstream by);

        /** It failed before an answer began. */
        void failed(FailureKind kind, Throwable cause);

        /** It is over, and so is the exchange: answered, or broken off midway. */
        void over();
    }

    UpstreamAttempt(
            EventLoopContext parts,
            RoutedRequest incoming,
            @Nullable RequestBodyRelay body,
            Attempt attempt,
            Owner owner) {
        this.parts = parts;
        this.incoming = incoming;
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
            parts.connections().open(upstream(), this);
        } else {
            parts.connections().connect(upstream(), this);
        }
    }

    /** Ends it; nobody waits for an answer any more. What was passed on of one stays so. */
    void abandon(Outcome outcome) {
        end(outcome);
        UpstreamConnection used = connection;
        if (used != null) {
            used.close();
        }
    }

    /** Whether the client can still be told something else: nothing of an answer has gone to it. True once. */
    boolean isUnanswered() {
        ResponseRelay begun = relay;
        return begun == null || begun.brokeOff();
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
            ready.notNeeded();
            return;
        }
        connection = ready;
        ready.begin(this, incoming.isHead());
        HeadBuffer head = parts.requestHead().write(incoming, upstream());
        ByteBuf octets = ready.buffer(head.length());
        head.writeTo(octets::writeBytes);
        ready.write(octets);
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
            on.requestSent(owner.answerWithinNanos());
        }
    }

    @Override
    public long late() {
        return owner.late();
    }

    /** The fields of the final answer are read into the client's answer at once. */
    @Override
    public HttpHeaders fields(int status) {
        if (status < 200) {
            return DefaultHttpHeadersFactory.headersFactory().newHeaders();
        }
        MultiMap own = incoming.request().response().headers();
        own.clear();
        return (HttpHeaders) own;
    }

    @Override
    public void interim(HttpResponse interim) {
        if (body != null && interim.status().code() == 100 && body.mayGoOn()) {
            return;
        }
        if (InterimResponses.pass(interim, incoming.request(), incoming.client())) {
            owner.answerBegins();
        }
    }

    @Override
    public void head(HttpResponse head) {
        UpstreamConnection from = connection;
        if (from == null) {
            return;
        }
        if (body != null) {
            body.isAnswered();
        }
        answered = Outcome.ofStatus(head.status().code());
        attempt.answering(answered);
        if (head.status().code() == 101) {
            switched(head, from);
        } else {
            ResponseRelay begun = new ResponseRelay(incoming, from);
            relay = begun;
            owner.answering(upstream());
            begun.head(head);
        }
    }

    private void switched(HttpResponse head, UpstreamConnection from) {
        if (incoming.wantsUpgrade() && RoutedRequest.isWebSocket(head.headers())) {
            Tunnel opened = new Tunnel(incoming, from, this::tunnelClosed);
            tunnel = opened;
            owner.answering(upstream());
            opened.open(head);
        } else {
            from.close();
            broken(new BadResponseException("101 to a protocol that was not asked for"));
        }
    }

    @Override
    public void chunk(ByteBuf octets) {
        if (relay != null) {
            relay.chunk(octets);
        } else if (tunnel != null) {
            tunnel.fromUpstream(octets);
        } else {
            octets.release();
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
        end(answered);
        if (sent) {
            from.finished();
        } else {
            // Answered before it was sent whole: what is left of it must not reach whoever uses the connection next.
            from.close();
        }
        owner.over();
        begun.end(trailers);
    }

    @Override
    public void broken(Throwable cause) {
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
        parts.failureLog().brokeOff(incoming, kind, upstream(), cause);
        if (begun.brokeOff()) {
            Failures.reply(incoming, kind);
        }
    }

    @Override
    public void writable() {
        if (tunnel != null) {
            tunnel.upstreamWritable();
        } else if (body != null) {
            body.goOn();
        }
    }

    private void tunnelClosed() {
        end(answered);
        owner.over();
    }

    private void end(Outcome outcome) {
        over = true;
        attempt.end(outcome);
    }
}
