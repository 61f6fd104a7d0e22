package dev.pointsman.balancer.upstream.http2;

import dev.pointsman.balancer.upstream.NotProcessedException;
import dev.pointsman.balancer.upstream.SharedFailureException;
import dev.pointsman.balancer.upstream.StaleConnectionException;
import dev.pointsman.balancer.upstream.StreamResetException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The streams of one connection to an upstream by their ids, and what comes for them. For one event loop. */
final class Http2UpstreamEvents extends Http2EventAdapter {
    /** Bytes; a window that is opened by less is hardly worth the frame. */
    private static final int SMALL_OPENING = 64;

    private final Http2UpstreamConnection owner;
    private final IntObjectMap<Http2UpstreamStream> streams = new IntObjectHashMap<>();

    private final FrameAllowance allowance;

    /** Those that something came for in this read. */
    private final Set<Http2UpstreamStream> touched = new LinkedHashSet<>();

    Http2UpstreamEvents(Http2UpstreamConnection owner, long now) {
        this.owner = owner;
        this.allowance = new FrameAllowance(now);
    }

    /** What the upstream may send besides responses. */
    FrameAllowance allowance() {
        return allowance;
    }

    void add(int id, Http2UpstreamStream stream) {
        streams.put(id, stream);
    }

    void remove(Http2UpstreamStream stream) {
        streams.remove(stream.id(), stream);
    }

    @Nullable
    Http2UpstreamStream get(int id) {
        return streams.get(id);
    }

    List<Http2UpstreamStream> all() {
        return List.copyOf(streams.values());
    }

    /** Tells the streams that nothing more comes for now. */
    void readComplete() {
        if (!touched.isEmpty()) {
            List<Http2UpstreamStream> those = List.copyOf(touched);
            touched.clear();
            those.forEach(Http2UpstreamStream::pauseInReading);
        }
    }

    void writabilityChanged(int id) {
        Http2UpstreamStream stream = streams.get(id);
        if (stream != null && !owner.writer().isFull(stream)) {
            stream.writable();
        }
    }

    /** Fails one stream; Netty resets it. */
    void streamFailed(int id, Throwable cause) {
        Http2UpstreamStream stream = streams.get(id);
        if (stream != null) {
            stream.fail(cause);
        }
    }

    /**
     * Tells one stream of what happened, and the others that it has been told.
     *
     * @param reads how often something was read
     */
    void failAll(Throwable cause, long reads) {
        boolean told = false;
        for (Http2UpstreamStream stream : all()) {
            boolean stale = cause instanceof IOException && stream.isReused() && stream.nothingCameSince(reads);
            if (!stream.wasSent()) {
                stream.fail(new StaleConnectionException(cause, false));
            } else if (stale && !stream.hasHead()) {
                stream.fail(new StaleConnectionException(cause, true));
            } else if (!stream.isResponseComplete()) {
                stream.fail(told ? new SharedFailureException(cause) : cause);
                told = true;
            }
        }
    }

    /** Looks after the times of all streams. */
    void check(long now, long silenceNanos) {
        for (Http2UpstreamStream stream : all()) {
            if (stream.times().isSilent(now, silenceNanos)) {
                stream.fail(ReadTimeoutException.INSTANCE);
                owner.writer().reset(stream, Http2Error.CANCEL);
            } else if (stream.times().isResponseOverdue(now)) {
                owner.doubt();
                stream.responseTimedOut();
            }
        }
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings) throws Http2Exception {
        endIf(allowance.isExceededBySettings(owner.now()) || owner.isSwamped());
        owner.settingsReceived(Boolean.TRUE.equals(settings.connectProtocolEnabled()));
    }

    @Override
    public void onSettingsAckRead(ChannelHandlerContext context) throws Http2Exception {
        besidesResponses();
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext context, long data) throws Http2Exception {
        besidesResponses();
    }

    @Override
    public void onPingRead(ChannelHandlerContext context, long data) throws Http2Exception {
        besidesResponses();
    }

    @Override
    public void onPriorityRead(ChannelHandlerContext context, int id, int parent, short weight, boolean exclusive)
            throws Http2Exception {
        besidesResponses();
    }

    @Override
    public void onUnknownFrame(ChannelHandlerContext context, byte type, int id, Http2Flags flags, ByteBuf payload)
            throws Http2Exception {
        besidesResponses();
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext context, int id, int bytes) throws Http2Exception {
        if (bytes < SMALL_OPENING) {
            besidesResponses();
        }
    }

    private void besidesResponses() throws Http2Exception {
        endIf(allowance.isExceeded(owner.now()) || owner.isSwamped());
    }

    private static void endIf(boolean flood) throws Http2Exception {
        if (flood) {
            throw Http2Exception.connectionError(
                    Http2Error.ENHANCE_YOUR_CALM, "a flood of frames that belong to no response");
        }
    }

    @Override
    public void onHeadersRead(ChannelHandlerContext context, int id, Http2Headers section, int padding, boolean isEnd) {
        Http2UpstreamStream stream = streams.get(id);
        if (stream != null) {
            allowance.message(0);
            touched.add(stream);
            stream.response().headersReceived(section, isEnd);
        }
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context,
            int id,
            Http2Headers section,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean isEnd) {
        onHeadersRead(context, id, section, padding, isEnd);
    }

    @Override
    public int onDataRead(ChannelHandlerContext context, int id, ByteBuf data, int padding, boolean isEnd)
            throws Http2Exception {
        Http2UpstreamStream stream = streams.get(id);
        if (data.isReadable()) {
            allowance.message(data.readableBytes());
        } else if (!isEnd) {
            besidesResponses();
        }
        if (stream == null) {
            return data.readableBytes() + padding;
        }
        touched.add(stream);
        return stream.response().dataReceived(data, isEnd) + padding;
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext context, int id, long code) {
        Http2UpstreamStream stream = streams.get(id);
        if (stream == null) {
            return;
        }
        boolean refused = code == Http2Error.REFUSED_STREAM.code() && !stream.hasHead();
        Http2Error known = Http2Error.valueOf(code);
        stream.fail(
                refused
                        ? new NotProcessedException("the stream was refused")
                        : new StreamResetException(code, known == null ? Long.toString(code) : known.name()));
    }

    @Override
    public void onGoAwayRead(ChannelHandlerContext context, int last, long code, ByteBuf debugData) {
        owner.leave();
        for (Http2UpstreamStream stream : all()) {
            if (stream.id() > last) {
                stream.fail(new NotProcessedException("the instance went away before it looked at the stream"));
            }
        }
    }
}
