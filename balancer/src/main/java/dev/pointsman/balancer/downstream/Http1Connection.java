package dev.pointsman.balancer.downstream;

import dev.pointsman.balancer.loop.Channels;
import dev.pointsman.balancer.loop.FairReader;
import dev.pointsman.balancer.loop.TimeoutTicker;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A connection of a client in HTTP/1.1. What is received on it is the part of a {@link RequestReceiver}, how long things
 * may take that of {@link ConnectionTimers}; here is the turn of the requests and the end of the connection after a
 * response, whose states are drawn at {@link RespondingState}.
 */
public final class Http1Connection implements ClientConnection {
    private static final AttributeKey<Http1Connection> KEY = AttributeKey.valueOf("dev.pointsman.client");

    private final HttpConnection connection;
    private final Channel channel;
    private final DownstreamContext shared;
    private final Peer peer;
    private final ConnectionTimers timers;
    private final FairReader reader;
    private final RequestReceiver receiver;
    private final StrictRequestDecoder decoder;
    private final Timeouts timeouts = new Timeouts();

    private RespondingState state = RespondingState.ANY;
    private @Nullable ReceivedRequest current;
    private @Nullable ReceivedRequest last;

    /** The decision on a request that Vert.x has passed on. */
    public enum Turn {
        SERVE,
        /** Drop it without a response: the connection has ended with the response before. */
        DROP
    }

    private Http1Connection(HttpConnection connection, HttpServerOptions options, DownstreamContext shared) {
        this.connection = connection;
        this.channel = ((ConnectionBase) connection).channel();
        this.shared = shared;
        this.peer = new Peer(connection, shared);
        this.timers = new ConnectionTimers(shared);
        this.reader = new FairReader(shared.turns().reads(), channel);
        this.receiver = new RequestReceiver(connection, channel, timers, reader, shared);
        this.decoder = new StrictRequestDecoder(options, receiver);
    }

    /**
     * Takes over a connection that Vert.x has just accepted, before anything is read from it.
     *
     * @param options that Vert.x serves it with
     */
    public static Http1Connection accept(
            HttpConnection connection, HttpServerOptions options, DownstreamContext shared) {
        Http1Connection accepted = new Http1Connection(connection, options, shared);
        accepted.channel.attr(KEY).set(accepted);
        accepted.channel.pipeline().addFirst(shared.turns().flushes().handler(), accepted.reader);
        accepted.decoder.install(accepted.channel, accepted.receiver);
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
        return Objects.requireNonNull(current, "a request that was not received");
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
        return InterimResponses.send(interim, request, channel);
    }

    @Override
    public byte[] takeRemainingBytes() {
        return decoder.takeRemainingBytes();
    }

    /** Begins the turn of a request; to be called for each of them, before it is served. */
    public Turn beginTurn(HttpServerRequest request) {
        if (state == RespondingState.NONE) {
            return Turn.DROP;
        }
        ReceivedRequest next = receiver.removeNext();
        // The next request may have its turn before its predecessor's response is known to have ended.
        request.response().endHandler(ended -> responseEnded(next));
        current = next;
        if (next != null && next.closes()) {
            endAfterThisResponse();
        }
        return Turn.SERVE;
    }

    private void endAfterThisResponse() {
        if (state == RespondingState.ANY) {
            become(RespondingState.LAST);
            last = current;
        }
    }

    private void become(RespondingState next) {
        state = state.to(next);
    }

    @Override
    public void completeFields(HttpServerResponse response) {
        shared.responseDate().addIfMissing(response.headers());
        // A request that has arrived behind this one is served first: to be told now would be its loss.
        if (shared.drain().isDraining() && !receiver.hasWaiting()) {
            closeAfterResponse();
        }
        if (state != RespondingState.ANY) {
            receiver.endAfterThisRequest();
            // In the last moment: to HTTP/1.0 Vert.x says keep-alive on its own.
            response.headersEndHandler(
                    written -> response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE));
        }
    }

    @Override
    public void closeAfterResponse() {
        endAfterThisResponse();
        receiver.endAfterThisRequest();
    }

    private void responseEnded(@Nullable ReceivedRequest request) {
        receiver.responseEnded();
        if (request != null) {
            request.responseEnded();
            request.body().discard();
            if (request == current) {
                setReading(true);
            }
        }
        if (state == RespondingState.LAST && request == last) {
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
    }

    /** Replies to a client that has sent no valid request, and ends the connection. */
    public void reject(RawReply reply) {
        receiver.reject();
        reply.send(channel);
    }

    @Override
    public void reset() {
        receiver.reset();
    }

    private void closed() {
        shared.open().closed();
        shared.ticker().remove(timeouts);
        receiver.closed();
        if (current != null) {
            current.body().discard();
        }
    }

    /** The check of this connection's timeouts at every tick. */
    private final class Timeouts extends TimeoutTicker.Watched {
        @Override
        protected void check(long now) {
            if (receiver.state() == ReceivingState.LINGERING) {
                receiver.checkLingering(now);
                return;
            }
            switch (timers.check(now, receiver.hasPending())) {
                case HEAD -> reject(shared.headTimeout());
                case CONNECTION -> Channels.close(channel);
                case NOTHING -> endIfDrained(now);
            }
        }

        private void endIfDrained(long now) {
            if (isDrained(now)) {
                // What has arrived since the last look is a request to be served.
                Channels.readNow(channel);
                if (isDrained(now)) {
                    connection.close();
                }
            }
        }

        private boolean isDrained(long now) {
            return shared.drain().isOver(timers.lastActive(), now)
                    && state == RespondingState.ANY
                    && receiver.isIdle()
                    && decoder.isIdle();
        }
    }
}
