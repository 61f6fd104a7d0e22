package dev.pointsman.balancer.downstream.http1;

import dev.pointsman.balancer.downstream.ClientConnection;
import dev.pointsman.balancer.downstream.DownstreamContext;
import dev.pointsman.balancer.downstream.Peer;
import dev.pointsman.balancer.downstream.RawReply;
import dev.pointsman.balancer.downstream.ReceivedRequest;
import dev.pointsman.balancer.downstream.RequestIds;
import dev.pointsman.balancer.downstream.ResponseWriter;
import dev.pointsman.balancer.downstream.RouterRequest;
import dev.pointsman.balancer.downstream.TunnelListener;
import dev.pointsman.balancer.loop.Channels;
import dev.pointsman.balancer.loop.FairReader;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.ContextInternal;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of a client in HTTP/1.1. What is received on it is the part of a {@link RequestReceiver}, how long things
 * may take that of {@link ConnectionTimers}; here is the turn of the requests and the end of the connection after a
 * response, whose states are drawn at {@link RespondingState}.
 */
public final class Http1Connection implements ClientConnection {
    private static final Logger log = LoggerFactory.getLogger(Http1Connection.class);

    private final Channel channel;
    private final ContextInternal context;
    private final DownstreamContext shared;
    private final Peer peer;
    private final ConnectionTimers timers;
    private final RequestReceiver receiver;
    private final StrictRequestDecoder decoder;
    private final TimeoutCheck timeouts;

    private final Consumer<RouterRequest> handler;

    private RespondingState state = RespondingState.ANY;
    private final RequestTurns turns = new RequestTurns(this::serve);

    private @Nullable RouterRequest last;

    /** Whether the connection has ended: nothing that it holds is served any more. */
    private boolean gone;

    private @Nullable TunnelListener tunnel;

    private Http1Connection(
            Channel channel,
            boolean secure,
            FairReader reader,
            ContextInternal context,
            HttpDecoderConfig limits,
            DownstreamContext shared,
            Consumer<RouterRequest> handler) {
        this.channel = channel;
        this.context = context;
        this.shared = shared;
        this.handler = handler;
        this.peer = new Peer(channel, secure, shared);
        this.timers = new ConnectionTimers(shared);
        this.receiver = new RequestReceiver(this, turns, channel, timers, reader, shared);
        this.decoder = new StrictRequestDecoder(limits, receiver);
        this.timeouts = new TimeoutCheck(this, channel, receiver, decoder, timers, shared);
    }

    /**
     * Takes over a connection, before any byte of a request is read from it.
     *
     * @param channel already with the handlers that all connections of clients have
     * @param secure whether it is by TLS
     * @param reader the handler that reads, or not
     * @param context that of the event loop
     * @param limits of what is decoded
     * @param handler gets each request when its turn comes: the one before has been responded to
     */
    public static Http1Connection accept(
            Channel channel,
            boolean secure,
            FairReader reader,
            ContextInternal context,
            HttpDecoderConfig limits,
            DownstreamContext shared,
            Consumer<RouterRequest> handler) {
        Http1Connection accepted = new Http1Connection(channel, secure, reader, context, limits, shared, handler);
        channel.pipeline().addLast(accepted.decoder, accepted.receiver);
        shared.ticker().add(accepted.timeouts);
        shared.open().opened(accepted);
        channel.closeFuture().addListener(closed -> accepted.closed());
        return accepted;
    }

    /** Gives the connection to another protocol, before any byte of a request has come. */
    public void giveWay() {
        gone = true;
        shared.open().closed(this);
        shared.ticker().remove(timeouts);
        decoder.remove();
        channel.pipeline().remove(receiver);
    }

    /** Calls back once the connection is closed. */
    public void onClose(Runnable callback) {
        channel.closeFuture().addListener(closed -> callback.run());
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public RequestIds requestIds() {
        return shared.requestIds();
    }

    @Override
    public ReceivedRequest received() {
        return request().received();
    }

    @Override
    public boolean isReadingNow() {
        return receiver.isReadingNow();
    }

    @Override
    public void setReading(boolean reading) {
        receiver.setReading(reading);
    }

    @Override
    public void recordActivity() {
        timers.recordActivity();
    }

    @Override
    public InterimOutcome sendInterim(HttpResponse interim, HttpServerRequest request) {
        return InterimResponses.send(interim, request, receiver.context());
    }

    @Override
    public RouterRequest request() {
        return turns.current();
    }

    /** A request as it has arrived so far, for the routers. */
    RouterRequest request(HttpRequest head, ReceivedRequest received) {
        boolean old = io.netty.handler.codec.http.HttpVersion.HTTP_1_0.equals(head.protocolVersion());
        ResponseWriter writer = new Http1ResponseWriter(
                this,
                received,
                old ? "HTTP/1.0" : "HTTP/1.1",
                receiver.context(),
                shared.responseHead(),
                shared.turns().buffers());
        return new RouterRequest(
                this, context, head, received, old ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1, writer);
    }

    @Override
    public boolean isFull() {
        return !channel.isWritable();
    }

    /** Goes on behind a request for another protocol whose response was there before all of it had arrived. */
    void resumeBehindRequest() {
        if (decoder.isHalted()) {
            // Not from within the decoding of that request.
            channel.eventLoop().execute(decoder::resume);
        }
    }

    private void serve(RouterRequest next) {
        if (state == RespondingState.NONE) {
            next.received().body().discard();
            turns.ended();
            return;
        }
        if (next.received().closes()) {
            endAfterThisResponse();
        }
        try {
            handler.accept(next);
        } catch (RuntimeException fault) {
            log.error("a request cannot be served, and its connection is closed", fault);
            close();
        }
    }

    @Override
    public void becomeTunnel(TunnelListener listener) {
        tunnel = listener;
        receiver.becomeTunnel(listener);
        decoder.remove();
    }

    @Override
    public void writeToTunnel(ByteBuf bytes) {
        recordActivity();
        Channels.writeAndFlush(receiver.context(), bytes);
    }

    /** Handles that the client takes more again. */
    void drained() {
        recordActivity();
        TunnelListener open = tunnel;
        if (open != null) {
            open.clientWritable();
        } else if (turns.isServing()) {
            request().ownResponse().drained();
        }
    }

    /** Whether another request may follow, as far as is known. */
    boolean isPersistent() {
        return state == RespondingState.ANY;
    }

    private void endAfterThisResponse() {
        if (state == RespondingState.ANY) {
            become(RespondingState.LAST);
            last = turns.current();
        }
    }

    private void become(RespondingState next) {
        state = state.to(next);
    }

    /** No chunks in HTTP/1.0: there the end of the connection is the end of the body. */
    @Override
    public BodyDelimiter delimit(HttpServerResponse response) {
        if (request().version() == HttpVersion.HTTP_1_0) {
            closeAfterResponse();
            return BodyDelimiter.CONNECTION_END;
        }
        response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        return BodyDelimiter.MARK;
    }

    @Override
    public void completeFields(HttpServerResponse response) {
        shared.addOwnFields(response, peer);
        // A request that has arrived behind this one is served first: to be told now would be its loss.
        if (shared.drain().isDraining() && !turns.hasWaiting()) {
            closeAfterResponse();
        }
        if (state != RespondingState.ANY) {
            receiver.endAfterThisRequest();
            response.putHeader(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (request().version() == HttpVersion.HTTP_1_0) {
            response.putHeader(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
    }

    @Override
    public void closeAfterResponse() {
        endAfterThisResponse();
        receiver.endAfterThisRequest();
    }

    /** Handles the end of the current request's response, or of the connection before it. */
    void responseEnded(ReceivedRequest request) {
        turns.ended();
        receiver.responseEnded();
        request.responseEnded();
        request.body().discard();
        if (gone) {
            return;
        }
        setReading(true);
        if (state == RespondingState.LAST && turns.current() == last) {
            become(RespondingState.NONE);
        }
        timers.responseEnded();
        boolean unreadBody = !receiver.hasPending() && receiver.state().isMidMessage();
        if (unreadBody && receiver.state() != ReceivingState.MALFORMED) {
            timers.startUnwantedBody();
        } else if (unreadBody || state == RespondingState.NONE) {
            close();
        } else {
            decoder.resume();
        }
        turns.next();
        if (turns.hasManyWaiting()) {
            setReading(false);
        }
    }

    /** Replies to a client that has sent no valid request, and ends the connection. */
    public void reject(RawReply reply) {
        receiver.reject();
        reply.send(receiver.context());
    }

    @Override
    public void close() {
        Channels.close(channel);
    }

    @Override
    public void reset() {
        receiver.reset();
    }

    private void closed() {
        gone = true;
        shared.open().closed(this);
        shared.ticker().remove(timeouts);
        turns.drop();
        TunnelListener open = tunnel;
        if (open != null) {
            open.clientClosed();
        }
        if (turns.isServing()) {
            request().ownResponse().connectionClosed();
        }
    }
}
