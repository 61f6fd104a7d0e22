package dev.pointsman.balancer.upstream.http2;

import dev.pointsman.balancer.frames.BatchingEncoder;
import dev.pointsman.balancer.frames.BoundedTableEncoder;
import dev.pointsman.balancer.frames.FrameBatch;
import dev.pointsman.balancer.upstream.BadResponseException;
import dev.pointsman.balancer.upstream.UpstreamSocket;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * The frames of one connection to an upstream, by Netty: settings, flow control and the states of streams. What it meets goes to
 * the {@link Http2UpstreamConnection}.
 */
final class Http2UpstreamHandler extends Http2ConnectionHandler {
    /**
     * Bytes of all streams that may be under way. They are given back as they arrive, so that a stream whose client is slow does
     * not stop the others; what it holds is bounded by its own window.
     */
    static final int CONNECTION_WINDOW = 4 * 1024 * 1024;

    /** How much of a window is left when it is filled again. */
    private static final float REFILL_AT = 0.5f;

    private final BatchingEncoder encoder;
    private final Http2UpstreamConnection owner;
    private @Nullable ChannelHandlerContext here;

    private Http2UpstreamHandler(
            Http2ConnectionDecoder decoder,
            BatchingEncoder encoder,
            Http2Settings settings,
            Http2UpstreamConnection owner) {
        super(decoder, encoder, settings, true);
        this.encoder = encoder;
        this.owner = owner;
        encoder.flowController().listener(stream -> owner.streams().writabilityChanged(stream.id()));
    }

    /**
     * A handler for a connection.
     *
     * @param events gets what is received
     * @param secure whether it is by TLS
     * @param maxHead bytes of a response's head
     */
    static Http2UpstreamHandler of(
            Http2UpstreamConnection owner, Http2FrameListener events, boolean secure, int maxHead) {
        Http2Connection frames = new DefaultHttp2Connection(false);
        frames.local().flowController(new DefaultHttp2LocalFlowController(frames, REFILL_AT, true));
        // All requests are alike, and servers hardly heed priorities any more (RFC 9113, 5.3).
        frames.remote()
                .flowController(new DefaultHttp2RemoteFlowController(frames, new UniformStreamByteDistributor(frames)));
        // Nobody would end a stream that an upstream began. Now, and not when our SETTINGS are acknowledged.
        frames.local().allowPushTo(false);
        frames.remote().maxActiveStreams(0);
        int copied = secure ? FrameBatch.COPIED_BY_TLS : FrameBatch.COPIED;
        BatchingEncoder encoder = new BatchingEncoder(frames, new FrameBatch(new BoundedTableEncoder(false), copied));
        // All fields are checked where they are read, by one rule for heads and trailers. That pseudo fields come first
        // is seen only by Netty's decoder, whose map puts them there.
        Http2ConnectionDecoder decoder = new DefaultHttp2ConnectionDecoder(
                frames,
                encoder,
                new DefaultHttp2FrameReader(new DefaultHttp2HeadersDecoder(true, maxHead)),
                Http2PromisedRequestVerifier.ALWAYS_VERIFY,
                true,
                true,
                true);
        decoder.frameListener(events);
        Http2Settings settings = new Http2Settings()
                .pushEnabled(false)
                .initialWindowSize(ResponseWindow.FIRST)
                .maxHeaderListSize(maxHead);
        return new Http2UpstreamHandler(decoder, encoder, settings, owner);
    }

    /** Where the handler stands in its pipeline; null before it does. */
    @Nullable
    ChannelHandlerContext here() {
        return here;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) throws Exception {
        here = context;
        super.handlerAdded(context);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        super.channelActive(context);
        connection()
                .local()
                .flowController()
                .incrementWindowSize(
                        connection().connectionStream(), CONNECTION_WINDOW - Http2CodecUtil.DEFAULT_WINDOW_SIZE);
        flush(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        owner.bytesReceived();
        super.channelRead(context, message);
    }

    /** Not Netty's, which would go on reading where the reader of the pipeline has to wait for its turn. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        discardSomeReadBytes();
        owner.readComplete();
        flush(context);
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        owner.flushing();
        encoder.flush(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        owner.broken(new ClosedChannelException());
        super.channelInactive(context);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == UpstreamSocket.WRITE_FAILED) {
            owner.leave();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) == null) {
            owner.broken(cause);
        } else {
            onError(context, false, cause);
        }
    }

    @Override
    public void onError(ChannelHandlerContext context, boolean outbound, Throwable cause) {
        // Netty flushes behind it.
        owner.flushing();
        super.onError(context, outbound, cause);
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext context, boolean outbound, Throwable cause, Http2Exception.StreamException error) {
        if (!outbound && !connection().local().isValidStreamId(error.streamId())) {
            onConnectionError(
                    context,
                    false,
                    cause,
                    Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, "a stream that no request has begun"));
            return;
        }
        if (!outbound) {
            owner.streams().streamFailed(error.streamId(), new BadResponseException(error));
        }
        super.onStreamError(context, outbound, cause, error);
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext context, boolean outbound, Throwable cause, @Nullable Http2Exception error) {
        super.onConnectionError(context, outbound, cause, error);
        context.flush();
        Throwable found = error == null ? cause : error;
        if (outbound) {
            owner.broken(cause);
        } else if (owner.isOpening()) {
            owner.broken(new BadResponseException("not HTTP/2: " + found.getMessage()));
        } else {
            owner.broken(new BadResponseException(found));
        }
    }
}
