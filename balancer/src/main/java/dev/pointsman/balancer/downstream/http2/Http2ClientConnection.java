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
import dev.pointsman.balancer.loop.TurnFlushes;
import dev.pointsman.registry.OneLine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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
public final class Http2ClientConnection
        implements Http2FrameListener, Http2Connection.Listener, OpenConnections.Closable, TurnFlushes.Sender {
    private static final Logger log = LoggerFactory.getLogger(Http2ClientConnection.class);
    private static final long DRAIN_PING = 0x706f696e7473L;

    private final Channel channel;
    private final FairReader reader;
    private final ContextInternal context;
    private final DownstreamContext shared;
    private final Http2Counts counts;
    private final Consumer<RouterRequest> handler;
    private final Peer peer;
    private final Http2ClientHandler frames;
    private final Http2Connection.PropertyKey key;
    private final FloodGuard guard;
    private final Http2ClientTimeouts timeouts;
    private final LingeringClose lingering = new LingeringClose();

    /** Those that a part of a body came for in this read. */
    private final Set<Http2ClientStream> touched = new LinkedHashSet<>();

    private Http2ClientState state = Http2ClientState.SERVING;
    private boolean readingNow;
    private boolean waitsToSend;
    private int streams;

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
        this.handler = handler;
        this.peer = new Peer(channel, secure, shared);
        int maxHead = shared.rules().limits().maxHead();
        this.guard = new FloodGuard(maxHead, shared.ticker().now());
        this.frames = Http2ClientHandler.of(this, secure, maxHead);
        this.key = frames.connection().newKey();
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

    boolean isReadingNow() {
        return readingNow;
    }

    Http2ClientState state() {
        return state;
    }

    boolean isWithoutStreams() {
        return streams == 0;
    }

    /** Notes that something of a request came, or something of a response went. */
    void recordActivity() {
        timeouts.recordActivity();
    }

    /** Looks at what has arrived before it is decoded; whether it is to be. */
    boolean bytesArrived(ByteBuf bytes) {
        if (state == Http2ClientState.CLOSING) {
            return false;
        }
        readingNow = true;
        Http2Abuse flood = guard.arrived(bytes, shared.ticker().now());
        if (flood != null) {
            abused(flood);
        }
        return flood == null;
    }

    void readComplete() {
        readingNow = false;
        if (!touched.isEmpty()) {
            List<Http2ClientStream> those = List.copyOf(touched);
            touched.clear();
            those.forEach(Http2ClientStream::readComplete);
        }
    }

    /** Reads nothing more while the client does not take what is sent: what it asks for would have to be kept. */
    void socketWritabilityChanged() {
        reader.setReading(channel.isWritable() || state == Http2ClientState.CLOSING);
    }

    void writabilityChanged(Http2Stream frame) {
        Http2ClientStream stream = frame.getProperty(key);
        if (stream != null && !isFull(frame)) {
            stream.drained();
        }
    }

    boolean isFull(Http2Stream frame) {
        return !frames.encoder().flowController().isWritable(frame);
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext from,
            int id,
            Http2Headers section,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean isEnd) {
        onHeadersRead(from, id, section, padding, isEnd);
    }

    @Override
    public void onHeadersRead(ChannelHandlerContext from, int id, Http2Headers section, int padding, boolean isEnd) {
        Http2Stream frame = frames.connection().stream(id);
        if (frame == null || state == Http2ClientState.CLOSING) {
            return;
        }
        recordActivity();
        Http2ClientStream known = frame.getProperty(key);
        if (known != null) {
            touched.add(known);
            known.trailersReceived(section, isEnd);
        } else if (frame.state().localSideOpen() && frames.connection().remote().created(frame)) {
            begin(frame, section, isEnd);
        }
    }

    private void begin(Http2Stream frame, Http2Headers section, boolean isEnd) {
        if (streams >= Http2ClientHandler.MOST_STREAMS) {
            // The client may not know of the limit yet, or does not care.
            reset(frame, Http2Error.REFUSED_STREAM);
            madeReset();
            return;
        }
        Http2ClientStream stream = new Http2ClientStream(this, frame);
        RequestFields read = RequestFields.of(section);
        if (read.flaw() != null) {
            malformed(frame, read.flaw());
            return;
        }
        counts.stream();
        streams++;
        frame.setProperty(key, stream);
        RouterRequest request = stream.begin(read, isEnd);
        if (request == null) {
            return;
        }
        try {
            handler.accept(request);
        } catch (RuntimeException fault) {
            log.error("a request cannot be served, and its stream is reset", fault);
            reset(frame, Http2Error.INTERNAL_ERROR);
        }
    }

    /** Resets a malformed request (RFC 9113, 8.1.1). */
    void malformed(Http2Stream frame, String flaw) {
        counts.malformed();
        log.debug("{}: a malformed request: {}", channel.remoteAddress(), flaw);
        reset(frame, Http2Error.PROTOCOL_ERROR);
        madeReset();
    }

    /** Notes that a request was reset, and its client told so, because its head is too large. */
    void headTooLarge() {
        counts.abuse(Http2Abuse.HEAD_TOO_LARGE);
    }

    /** Notes that a request was reset that did not get as far as to be one. */
    void malformed() {
        counts.malformed();
    }

    /** Notes that a request was reset for what its client sent. */
    void madeReset() {
        if (guard.isMadeResetFlood()) {
            abused(Http2Abuse.MADE_RESET);
        }
    }

    @Override
    public int onDataRead(ChannelHandlerContext from, int id, ByteBuf data, int padding, boolean isEnd) {
        int bytes = data.readableBytes();
        Http2Stream frame = frames.connection().stream(id);
        Http2ClientStream stream = frame == null ? null : frame.getProperty(key);
        if (bytes == 0 && !isEnd && guard.isEmptyDataFlood()) {
            abused(Http2Abuse.EMPTY_DATA);
        }
        if (stream == null || state == Http2ClientState.CLOSING) {
            return bytes + padding;
        }
        recordActivity();
        touched.add(stream);
        return padding + stream.dataReceived(data.retain(), isEnd);
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext from, int id, long code) {
        Http2Stream frame = frames.connection().stream(id);
        Http2ClientStream stream = frame == null ? null : frame.getProperty(key);
        if (stream != null && !stream.isResponseComplete() && guard.isResetFlood()) {
            abused(Http2Abuse.RAPID_RESET);
        }
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext from, long data) {
        if (data == DRAIN_PING && state == Http2ClientState.LEAVING) {
            last();
        }
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext from, int id, int bytes) {
        if (guard.isWindowFlood(bytes)) {
            abused(Http2Abuse.WINDOW);
        }
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext from, Http2Settings settings) {}

    @Override
    public void onSettingsAckRead(ChannelHandlerContext from) {}

    @Override
    public void onPingRead(ChannelHandlerContext from, long data) {}

    @Override
    public void onPriorityRead(ChannelHandlerContext from, int id, int dependency, short weight, boolean exclusive) {}

    @Override
    public void onPushPromiseRead(
            ChannelHandlerContext from, int id, int promised, Http2Headers section, int padding) {}

    @Override
    public void onGoAwayRead(ChannelHandlerContext from, int last, long code, ByteBuf debug) {}

    @Override
    public void onUnknownFrame(ChannelHandlerContext from, byte type, int id, Http2Flags flags, ByteBuf data) {}

    @Override
    public void onStreamAdded(Http2Stream frame) {}

    @Override
    public void onStreamActive(Http2Stream frame) {}

    @Override
    public void onStreamHalfClosed(Http2Stream frame) {}

    @Override
    public void onStreamClosed(Http2Stream frame) {
        Http2ClientStream stream = frame.getProperty(key);
        if (stream != null) {
            touched.remove(stream);
            streams--;
            recordActivity();
            stream.closed();
            if (state == Http2ClientState.LAST && streams == 0) {
                context.nettyEventLoop().execute(this::endIfUnused);
            }
        }
    }

    @Override
    public void onStreamRemoved(Http2Stream frame) {}

    @Override
    public void onGoAwaySent(int last, long code, ByteBuf debug) {}

    @Override
    public void onGoAwayReceived(int last, long code, ByteBuf debug) {}

    /** Writes a field section of a response. */
    void writeHeaders(Http2Stream frame, Http2Headers section, boolean isEnd, @Nullable Runnable written) {
        if (state != Http2ClientState.CLOSING) {
            ChannelHandlerContext to = frames.here();
            guard.sent();
            var done = frames.encoder().writeHeaders(to, frame.id(), section, 0, isEnd, to.newPromise());
            if (written != null) {
                done.addListener(unused -> written.run());
            }
        }
    }

    /** Writes a part of a response's body, released here. */
    void writeData(Http2Stream frame, ByteBuf data, boolean isEnd, @Nullable Runnable written) {
        if (state == Http2ClientState.CLOSING) {
            data.release();
            return;
        }
        ChannelHandlerContext to = frames.here();
        guard.sent();
        var done = frames.encoder().writeData(to, frame.id(), data, 0, isEnd, to.newPromise());
        if (written != null) {
            done.addListener(unused -> written.run());
        }
    }

    /** Gives a stream's window back, for bytes that were held. */
    void giveBack(Http2Stream frame, int bytes) {
        if (state == Http2ClientState.CLOSING || frames.connection().stream(frame.id()) != frame) {
            return;
        }
        try {
            if (frames.connection().local().flowController().consumeBytes(frame, bytes)) {
                flushSoon();
            }
        } catch (Http2Exception impossible) {
            broken(impossible);
        }
    }

    void reset(Http2Stream frame, Http2Error code) {
        if (state != Http2ClientState.CLOSING && frames.connection().stream(frame.id()) == frame) {
            ChannelHandlerContext to = frames.here();
            var unused = frames.resetStream(to, frame.id(), code.code(), to.newPromise());
            flushSoon();
        }
    }

    /** Sends what was written at the end of the loop's turn. */
    void flushSoon() {
        if (!waitsToSend) {
            waitsToSend = true;
            shared.turns().flushes().add(this);
        }
    }

    @Override
    public void sendNow(boolean turnIsOver) {
        waitsToSend = false;
        if (channel.isActive()) {
            frames.flush(frames.here());
        }
    }

    /** Tells the client to make no further requests, since the balancer is about to stop. */
    void leave() {
        state = Http2ClientState.LEAVING;
        goAway(Integer.MAX_VALUE, Http2Error.NO_ERROR);
        ChannelHandlerContext to = frames.here();
        var unused = frames.encoder().writePing(to, false, DRAIN_PING, to.newPromise());
        flushSoon();
    }

    /** Tells the client which of its requests are served: those that have come by now. */
    void last() {
        state = Http2ClientState.LAST;
        goAway(frames.connection().remote().lastStreamCreated(), Http2Error.NO_ERROR);
        flushSoon();
        endIfUnused();
    }

    private void endIfUnused() {
        if (state == Http2ClientState.LAST && streams == 0) {
            shut();
        }
    }

    private void goAway(int last, Http2Error code) {
        ChannelHandlerContext to = frames.here();
        var unused = frames.goAway(to, last, code.code(), Unpooled.EMPTY_BUFFER, to.newPromise());
    }

    /** Ends the connection with an error, after all that it has under way. */
    private void end(Http2Error code) {
        if (state != Http2ClientState.CLOSING && channel.isActive()) {
            goAway(frames.connection().remote().lastStreamCreated(), code);
        }
        shut();
    }

    /** Ends the connection of a client that asks for too much. */
    void abused(Http2Abuse reason) {
        if (state != Http2ClientState.CLOSING) {
            counts.abuse(reason);
            log.debug("{}: ends for {}", channel.remoteAddress(), reason.word());
            end(Http2Error.ENHANCE_YOUR_CALM);
        }
    }

    /** Ends the connection for what its client did wrong, or did not do in time. */
    void connectionError(Throwable cause, @Nullable Http2Exception known) {
        if (state == Http2ClientState.CLOSING) {
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
        endStreams();
        Channels.close(frames.here());
    }

    @Override
    public void close() {
        end(Http2Error.NO_ERROR);
    }

    /** Sends what is left, ends this side of the connection, and gives the client a moment to end the other. */
    private void shut() {
        if (state == Http2ClientState.CLOSING) {
            return;
        }
        state = Http2ClientState.CLOSING;
        reader.setReading(true);
        endStreams();
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
        endStreams();
    }

    private void closed() {
        gone();
        shared.open().closed(this);
        shared.ticker().remove(timeouts);
    }

    /** Looks after the times of all streams. */
    void checkStreams(long now, long idleNanos) {
        for (Http2ClientStream stream : all()) {
            if (stream.isSilent(now, idleNanos)) {
                if (stream.isStalled()) {
                    counts.abuse(Http2Abuse.STALLED);
                }
                stream.timeOut();
            }
        }
    }

    private void endStreams() {
        all().forEach(Http2ClientStream::closed);
    }

    private List<Http2ClientStream> all() {
        List<Http2ClientStream> all = new ArrayList<>(streams);
        try {
            frames.connection().forEachActiveStream(frame -> {
                Http2ClientStream stream = frame.getProperty(key);
                if (stream != null) {
                    all.add(stream);
                }
                return true;
            });
        } catch (Http2Exception impossible) {
            log.error("streams cannot be listed", impossible);
        }
        return all;
    }
}
