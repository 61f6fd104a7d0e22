package dev.pointsman.balancer.downstream.http2;

import dev.pointsman.balancer.downstream.Http2Abuse;
import dev.pointsman.balancer.downstream.Http2Counts;
import dev.pointsman.balancer.downstream.RouterRequest;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http2.EmptyHttp2Headers;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a client sends on its connection, frame by frame: requests begin, parts of bodies go to their streams, and what there is too
 * much of ends the connection. For one event loop.
 */
final class IncomingFrames extends Http2FrameAdapter {
    private static final Logger log = LoggerFactory.getLogger(IncomingFrames.class);

    private final Http2ClientConnection connection;
    private final Consumer<RouterRequest> handler;
    private final FloodGuard guard;
    private final Http2Counts counts;

    /** Those that a part of a body came for in this read. */
    private final Set<Http2ClientStream> touched = new LinkedHashSet<>();

    private boolean readingNow;
    private boolean settingsAcknowledged;

    IncomingFrames(
            Http2ClientConnection connection, Consumer<RouterRequest> handler, FloodGuard guard, Http2Counts counts) {
        this.connection = connection;
        this.handler = handler;
        this.guard = guard;
        this.counts = counts;
    }

    boolean isReadingNow() {
        return readingNow;
    }

    /** The search for frames in what arrives. */
    FrameScan scan() {
        return guard.scan();
    }

    /** Looks at what has arrived before it is decoded; how many bytes of it are to be in this turn. */
    int bytesArrived(ByteBuf bytes) {
        readingNow = true;
        int now = guard.arrived(bytes, connection.shared().ticker().now());
        Http2Abuse flood = guard.flood();
        if (flood != null) {
            connection.abused(flood);
        }
        return now;
    }

    /**
     * Judges a frame on a stream, before anything else does; whether it is looked at. Many of those on streams that are over end the
     * connection.
     */
    boolean isWanted(int id) {
        if (!connection.isClosing() && connection.streams().of(id) == null && guard.isLateFlood()) {
            connection.abused(Http2Abuse.LATE_FRAME);
        }
        return !connection.isClosing();
    }

    /** Judges a field section on a stream in the same way: it may begin one. */
    boolean areFieldsWanted(int id) {
        boolean begins = id > connection.frames().remote().lastStreamCreated() && connection.takesRequests();
        return begins ? !connection.isClosing() : isWanted(id);
    }

    void readComplete() {
        readingNow = false;
        if (!touched.isEmpty()) {
            List<Http2ClientStream> those = List.copyOf(touched);
            touched.clear();
            those.forEach(Http2ClientStream::readComplete);
        }
    }

    /** Forgets a stream that is closed. */
    void forget(Http2ClientStream stream) {
        touched.remove(stream);
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
        Http2Connection frames = connection.frames();
        Http2Stream stream = frames.stream(id);
        if (stream == null) {
            return;
        }
        connection.recordActivity();
        Http2ClientStream known = connection.streams().of(stream);
        if (known != null) {
            touched.add(known);
            known.trailersReceived(section, isEnd);
        } else if (stream.state().localSideOpen() && frames.remote().created(stream)) {
            begin(stream, section, isEnd);
        }
    }

    private void begin(Http2Stream frames, Http2Headers section, boolean isEnd) {
        guard.requestBegan();
        if (connection.streams().count() >= Http2ClientHandler.MOST_STREAMS) {
            // The client may not know of the limit yet, or does not care.
            connection.outgoing().reset(frames, Http2Error.REFUSED_STREAM);
            madeReset();
            return;
        }
        RequestFields read = RequestFields.of(section);
        String flaw = isEnd && read.contentLength() > 0 ? "a Content-Length, and no content" : read.flaw();
        if (flaw == null) {
            serve(frames, read, null, isEnd);
        } else {
            serve(frames, read, Http2Exception.streamError(frames.id(), Http2Error.PROTOCOL_ERROR, "%s", flaw), isEnd);
            counts.malformed();
            madeReset();
        }
    }

    /** Serves a request, or refuses what is none by a response, after which its stream is reset (RFC 9113, 8.1.1). */
    private void serve(Http2Stream frames, RequestFields read, @Nullable Throwable malformed, boolean isEnd) {
        Http2ClientStream stream = new Http2ClientStream(connection, frames, read, malformed, isEnd);
        connection.streams().add(frames, stream);
        try {
            handler.accept(stream.request());
        } catch (RuntimeException fault) {
            log.error("a request cannot be served, and its stream is reset", fault);
            connection.outgoing().reset(frames, Http2Error.INTERNAL_ERROR);
        }
    }

    /** Resets a request that turns out to be malformed behind its head (RFC 9113, 8.1.1). */
    void malformed(Http2Stream frames, String flaw) {
        counts.malformed();
        log.debug("{}: a malformed request: {}", connection.peer(), flaw);
        connection.outgoing().reset(frames, Http2Error.PROTOCOL_ERROR);
        madeReset();
    }

    /** Refuses a request whose head is too large; of what was said there nothing was kept. */
    void headTooLarge(Http2Stream frames) {
        counts.abuse(Http2Abuse.HEAD_TOO_LARGE);
        if (connection.streams().of(frames) == null) {
            serve(
                    frames,
                    RequestFields.of(EmptyHttp2Headers.INSTANCE),
                    new TooLongHttpHeaderException("a field section larger than max-head"),
                    true);
        }
        madeReset();
    }

    /** What a frame that is none for its stream is an error of. */
    enum ErrorScope {
        IGNORED,
        OF_STREAM,
        OF_CONNECTION
    }

    /** Judges a frame that is none for its stream. */
    ErrorScope streamError(int id) {
        Http2Connection frames = connection.frames();
        ResetStreams resets = connection.streams().resets();
        if (frames.stream(id) == null && frames.remote().isValidStreamId(id)) {
            if (resets.isByUs(id)) {
                return ErrorScope.IGNORED;
            }
            if (id <= frames.remote().lastStreamCreated() && !resets.isByClient(id)) {
                return ErrorScope.OF_CONNECTION;
            }
        }
        resets.byUs(id);
        counts.malformed();
        madeReset();
        return ErrorScope.OF_STREAM;
    }

    private void madeReset() {
        if (guard.isResetFlood()) {
            connection.abused(Http2Abuse.MADE_RESET);
        }
    }

    @Override
    public int onDataRead(ChannelHandlerContext from, int id, ByteBuf data, int padding, boolean isEnd) {
        int bytes = data.readableBytes();
        Http2ClientStream stream = connection.streams().of(id);
        if (bytes == 0 && !isEnd && guard.isEmptyDataFlood()) {
            connection.abused(Http2Abuse.EMPTY_DATA);
        }
        if (stream == null) {
            return bytes + padding;
        }
        connection.recordActivity();
        touched.add(stream);
        return padding + stream.dataReceived(data.retain(), isEnd);
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext from, int id, long code) {
        connection.streams().resets().byClient(id);
        Http2ClientStream stream = connection.streams().of(id);
        if (stream != null && !stream.isResponseComplete() && guard.isResetFlood()) {
            connection.abused(Http2Abuse.RAPID_RESET);
        }
    }

    /** Whether the client has said that it goes by our SETTINGS (RFC 9113, 6.5.3). */
    boolean areSettingsAcknowledged() {
        return settingsAcknowledged;
    }

    @Override
    public void onSettingsAckRead(ChannelHandlerContext from) {
        settingsAcknowledged = true;
        // Streams are counted by us: Netty counts those that are reset until that was sent, and errs on what follows a
        // refused one.
        connection.frames().remote().maxActiveStreams(Integer.MAX_VALUE);
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext from, long data) {
        connection.pingAnswered(data);
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext from, int id, int bytes) {
        if (guard.isWindowFlood(bytes)) {
            connection.abused(Http2Abuse.WINDOW);
        }
    }
}
