package dev.pointsman.balancer.downstream.http2;

import dev.pointsman.balancer.downstream.DownstreamContext;
import dev.pointsman.balancer.downstream.Http2Abuse;
import dev.pointsman.balancer.downstream.Http2Counts;
import dev.pointsman.balancer.downstream.LingeringClose;
import dev.pointsman.balancer.downstream.OpenConnections;
import dev.pointsman.balancer.downstream.Peer;
import dev.pointsman.balancer.downstream.RouterRequest;
import dev.pointsman.balancer.loop.Channels;
import dev.pointsman.balancer.loop.FairReader;
import dev.pointsman.registry.OneLine;
import io.netty.channel.Channel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.vertx.core.internal.ContextInternal;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of a client in HTTP/2 (RFC 9113), with many requests at a time on it, each a {@link Http2ClientStream}. Its end in
 * order:
 *
 * <pre>
 *           GOAWAY for what     the client's answer to a    GOAWAY for what     the last
 *           is to come, PING    PING, or a second           has come            stream ends
 *   SERVING ────────────────► LEAVING ───────────────────► LAST ──────────────► CLOSING ─► (closed)
 *      └──── (an error: GOAWAY with its code, and every stream ends) ──────────────▲
 * </pre>
 */
public final class Http2ClientConnection implements OpenConnections.Closable {
    private static final Logger log = LoggerFactory.getLogger(Http2ClientConnection.class);
    private static final long DRAIN_PING = 0x706f696e7473L;

    private final Channel channel;
    private final FairReader reader;
    private final ContextInternal context;
    private final DownstreamContext shared;
    private final Http2Counts counts;
    private final Peer peer;
    private final Http2ClientHandler frames;
    private final IncomingFrames incoming;
    private final OutgoingFrames outgoing;
    private final ClientStreams streams;
    private final UploadWindows windows;
    private final Http2ClientTimeouts timeouts;
    private final LingeringClose lingering = new LingeringClose();
    private Http2ClientState state = Http2ClientState.SERVING;

    enum Http2ClientState {
        SERVING,
        /** The client is told to make no new requests; those that are on their way are served. */
        LEAVING,
        /** No request is served that has not come yet. */
        LAST,
        /** Nothing is served any more. */
        CLOSING
    }

    private Http2ClientConnection(
            Channel channel,
            boolean secure,
            FairReader reader,
            ContextInternal context,
            DownstreamContext shared,
            Http2Counts counts,
            Consumer<RouterRequest> handler) {
        this.channel = channel;
        this.reader = reader;
        this.context = context;
        this.shared = shared;
        this.counts = counts;
        this.peer = new Peer(channel, secure, shared);
        int maxHead = shared.rules().limits().maxHead();
        FloodGuard guard = new FloodGuard(maxHead, shared.ticker().now());
        this.incoming = new IncomingFrames(this, handler, guard, counts);
        this.frames = Http2ClientHandler.of(this, incoming, secure, maxHead);
        this.outgoing =
                new OutgoingFrames(this, channel, frames, guard, shared.turns().flushes());
        this.streams = new ClientStreams(this, frames.connection(), counts);
        this.windows = new UploadWindows(this);
        this.timeouts = new Http2ClientTimeouts(this, guard, shared);
    }

    /**
     * Takes over a connection, before any byte is read from it: its client begins with the preface.
     *
     * @param channel already with the handlers that all connections of clients have
     * @param secure whether it is by TLS
     * @param reader the handler that reads, or not
     * @param context that of the event loop
     * @param handler gets each request
     */
    public static Http2ClientConnection accept(
            Channel channel,
            boolean secure,
            FairReader reader,
            ContextInternal context,
            DownstreamContext shared,
            Http2Counts counts,
            Consumer<RouterRequest> handler) {
        Http2ClientConnection accepted =
                new Http2ClientConnection(channel, secure, reader, context, shared, counts, handler);
        counts.connection();
        shared.ticker().add(accepted.timeouts);
        shared.open().opened(accepted);
        channel.closeFuture().addListener(closed -> accepted.closed());
        channel.pipeline().addLast(accepted.frames);
        return accepted;
    }

    /** Calls back once the connection is closed. */
    public void onClose(Runnable callback) {
        channel.closeFuture().addListener(closed -> callback.run());
    }

    /** Turns the client away: no request of its was, or will be, looked at. */
    public void turnAway() {
        end(Http2Error.ENHANCE_YOUR_CALM);
    }

    Peer peer() {
        return peer;
    }

    DownstreamContext shared() {
        return shared;
    }

    ContextInternal context() {
        return context;
    }

    /** The states of its streams, as Netty has them. */
    Http2Connection frames() {
        return frames.connection();
    }

    IncomingFrames incoming() {
        return incoming;
    }

    OutgoingFrames outgoing() {
        return outgoing;
    }

    ClientStreams streams() {
        return streams;
    }

    UploadWindows windows() {
        return windows;
    }

    Http2ClientState state() {
        return state;
    }

    /** Whether nothing is served any more. */
    boolean isClosing() {
        return state == Http2ClientState.CLOSING;
    }

    /** Notes that something of a request came, or something of a response went. */
    void recordActivity() {
        timeouts.recordActivity();
    }

    /** Whether requests are served that have not come yet. */
    boolean takesRequests() {
        return state == Http2ClientState.SERVING || state == Http2ClientState.LEAVING;
    }

    /**
     * Reads nothing more while the client does not take what is sent, as what it asks for would have to be kept; or while something waits
     * to be decoded.
     */
    void adjustReading() {
        reader.setReading(isClosing() || (channel.isWritable() && !frames.isBehind()));
    }

    void writabilityChanged(Http2Stream frame) {
        Http2ClientStream stream = streams.of(frame);
        if (stream != null && !outgoing.isFull(frame)) {
            stream.drained();
        }
    }

    /** Tells the client to make no further requests, since the balancer is about to stop. */
    void leave() {
        state = Http2ClientState.LEAVING;
        outgoing.goAway(Integer.MAX_VALUE, Http2Error.NO_ERROR);
        outgoing.ping(DRAIN_PING);
    }

    /** Handles the answer to a PING: what the client sent before it has come. */
    void pingAnswered(long data) {
        if (data == DRAIN_PING && state == Http2ClientState.LEAVING) {
            last();
        }
    }

    /** Tells the client which of its requests are served: those that have come by now. */
    void last() {
        state = Http2ClientState.LAST;
        outgoing.goAway(frames().remote().lastStreamCreated(), Http2Error.NO_ERROR);
        endIfUnused();
    }

    /** Handles that a stream was closed, by either side. */
    void streamClosed(Http2ClientStream stream) {
        incoming.forget(stream);
        recordActivity();
        if (state == Http2ClientState.LAST && streams.count() == 0) {
            context.nettyEventLoop().execute(this::endIfUnused);
        }
    }

    private void endIfUnused() {
        if (state == Http2ClientState.LAST && streams.count() == 0) {
            shut();
        }
    }

    /** Ends the connection with an error, after all that it has under way. */
    private void end(Http2Error code) {
        if (!isClosing() && channel.isActive()) {
            outgoing.goAway(frames().remote().lastStreamCreated(), code);
        }
        shut();
    }

    /** Ends the connection of a client that asks for too much. */
    void abused(Http2Abuse reason) {
        if (!isClosing()) {
            counts.abuse(reason);
            log.debug("{}: ends for {}", channel.remoteAddress(), reason.word());
            end(Http2Error.ENHANCE_YOUR_CALM);
        }
    }

    /** Ends the connection of a client that has not acknowledged our SETTINGS in time (RFC 9113, 6.5.3). */
    void settingsOverdue() {
        counts.abuse(Http2Abuse.SETTINGS_TIMEOUT);
        end(Http2Error.SETTINGS_TIMEOUT);
    }

    /** Ends the connection for what its client did wrong. */
    void connectionError(Throwable cause, @Nullable Http2Exception known) {
        if (isClosing()) {
            return;
        }
        log.debug("{}: {}", channel.remoteAddress(), OneLine.of(cause.toString()));
        boolean tooLarge = String.valueOf(cause.getMessage()).startsWith("Header size exceeded");
        counts.abuse(tooLarge ? Http2Abuse.HEAD_TOO_LARGE : Http2Abuse.PROTOCOL_ERROR);
        end(known == null ? Http2Error.INTERNAL_ERROR : known.error());
    }

    /** Ends the connection: a client that breaks off is nothing unusual. */
    void broken(Throwable cause) {
        log.debug("{}: {}", channel.remoteAddress(), OneLine.of(cause.toString()));
        state = Http2ClientState.CLOSING;
        streams.endAll();
        Channels.close(frames.here());
    }

    @Override
    public void close() {
        end(Http2Error.NO_ERROR);
    }

    /** Sends what is left, ends this side of the connection, and gives the client a moment to end the other. */
    private void shut() {
        if (isClosing()) {
            return;
        }
        state = Http2ClientState.CLOSING;
        reader.setReading(true);
        streams.endAll();
        frames.flush(frames.here());
        if (channel instanceof SocketChannel socket && channel.isActive()) {
            lingering.begin(
                    socket, frames.here(), channel.newPromise(), shared.ticker().now());
        } else {
            Channels.close(frames.here());
        }
    }

    void checkLingering(long now) {
        lingering.check(now);
    }

    /** Handles that the client's connection is no more. */
    void gone() {
        state = Http2ClientState.CLOSING;
        streams.endAll();
    }

    private void closed() {
        gone();
        shared.open().closed(this);
        shared.ticker().remove(timeouts);
    }
}
