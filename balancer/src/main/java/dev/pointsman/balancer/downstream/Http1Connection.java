package dev.pointsman.balancer.downstream;

import dev.pointsman.balancer.loop.Channels;
import dev.pointsman.balancer.loop.FairReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
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
    private static final ByteBuf CONTINUE = Unpooled.unreleasableBuffer(
            Unpooled.copiedBuffer("HTTP/1.1 100 Continue\r\n\r\n", StandardCharsets.US_ASCII)
                    .asReadOnly());
    private static final AttributeKey<Http1Connection> KEY = AttributeKey.valueOf("dev.pointsman.client");

    private final HttpConnection connection;
    private final Channel channel;
    private final DownstreamContext shared;
    private final Peer peer;
    private final ConnectionTimers timers;
    private final FairReader reader;
    private final RequestReceiver receiver;
    private final StrictRequestDecoder decoder;
    private final TimeoutCheck timeouts;

    private final Consumer<Http1Request> handler;

    private RespondingState state = RespondingState.ANY;
    private final RequestTurns turns = new RequestTurns(this::serve);

    private @Nullable Http1Request last;

    /** Whether the connection has ended: nothing that it holds is served any more. */
    private boolean gone;

    private @Nullable TunnelListener tunnel;

    private Http1Connection(
            HttpConnection connection,
            HttpServerOptions options,
            DownstreamContext shared,
            Consumer<Http1Request> handler) {
        this.connection = connection;
        this.channel = ((ConnectionBase) connection).channel();
        this.shared = shared;
        this.handler = handler;
        this.peer = new Peer(connection, shared);
        this.timers = new ConnectionTimers(shared);
        this.reader = new FairReader(shared.turns().reads(), channel);
        this.receiver = new RequestReceiver(this, turns, connection, channel, timers, reader, shared);
        this.decoder = new StrictRequestDecoder(options, receiver);
        this.timeouts = new TimeoutCheck(this, channel, receiver, decoder, timers, shared);
    }

    /**
     * Takes over a connection that Vert.x has just accepted, before anything is read from it.
     *
     * @param options that Vert.x serves it with
     * @param handler gets each request when its turn comes: the one before has been responded to
     */
    public static Http1Connection accept(
            HttpConnection connection,
            HttpServerOptions options,
            DownstreamContext shared,
            Consumer<Http1Request> handler) {
        Http1Connection accepted = new Http1Connection(connection, options, shared, handler);
        accepted.channel.attr(KEY).set(accepted);
        accepted.channel.pipeline().addFirst(shared.turns().flushes().handler(), accepted.reader);
        accepted.decoder.install(accepted.channel, accepted.receiver);
        accepted.channel.pipeline().remove(HttpResponseEncoder.class);
        shared.ticker().add(accepted.timeouts);
        shared.open().opened();
        // Of the channel, not of the HTTP connection: Vert.x does not report its end once it is a tunnel.
        accepted.channel.closeFuture().addListener(closed -> accepted.closed());
        return accepted;
    }

    /** The connection that a request came on. */
    public static Http1Connection of(HttpServerRequest request) {
        Channel channel = ((ConnectionBase) request.connection()).channel();
        return Objects.requireNonNull(channel.attr(KEY).get());
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
    public Http1Request request() {
        return turns.current();
    }

    HttpConnection connection() {
        return connection;
    }

    ContextInternal context() {
        return ((ConnectionBase) connection).context();
    }

    @Override
    public void write(HttpServerResponse response, ByteBuf piece) {
        ((Http1Response) response).send(piece);
    }

    @Override
    public void end(HttpServerResponse response, ByteBuf last) {
        ((Http1Response) response).complete(last);
    }

    @Override
    public boolean isFull() {
        return !channel.isWritable();
    }

    /** The writer of the next response. */
    ResponseWriter responseWriter() {
        return new ResponseWriter(
                receiver.context(), shared.responseHead(), shared.turns().buffers());
    }

    /** Goes on behind a request for another protocol whose response was there before all of it had arrived. */
    void resumeBehindRequest() {
        if (decoder.isHalted()) {
            // Not from within the decoding of that request.
            channel.eventLoop().execute(decoder::resume);
        }
    }

    void sendContinue() {
        Channels.writeAndFlush(receiver.context(), CONTINUE.duplicate());
    }

    private void serve(Http1Request next) {
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
            connection.close();
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

    @Override
    public void completeFields(HttpServerResponse response) {
        shared.responseDate().addIfMissing(response.headers());
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
            connection.close();
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
        connection.close();
    }

    @Override
    public void reset() {
        receiver.reset();
    }

    private void closed() {
        gone = true;
        shared.open().closed();
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
