package dev.pointsman.balancer.downstream.http2;

import dev.pointsman.balancer.frames.FrameBatch;
import dev.pointsman.balancer.frames.PromptEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import io.netty.util.ReferenceCountUtil;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The frames of one connection of a client, by Netty: settings, flow control and the states of streams. What it meets goes to the
 * {@link Http2ClientConnection}.
 */
final class Http2ClientHandler extends Http2ConnectionHandler {
    /** Requests that a client may have under way at a time. */
    static final int MOST_STREAMS = 100;

    /** Bytes of one request's body that may be under way, or held because its instance is slow. */
    static final int STREAM_WINDOW = 64 * 1024;

    /**
     * Bytes of all requests' bodies that may be under way. They are given back as they arrive, so that a slow request does not stop
     * the others; what it holds is bounded by its own window.
     */
    static final int CONNECTION_WINDOW = 1024 * 1024;

    /** Bytes of the table of fields that we compress with: a client may ask for any size, and ours is the memory. */
    private static final long MOST_TABLE = Http2CodecUtil.DEFAULT_HEADER_TABLE_SIZE;

    /** Small CONTINUATION frames that Netty takes: {@link FloodGuard} bounds them all. */
    private static final int NO_LIMIT_OF_NETTY = Integer.MAX_VALUE;

    private static final float REFILL_AT = 0.5f;

    private final PromptEncoder encoder;
    private final Http2ClientConnection owner;
    private @Nullable ChannelHandlerContext here;

    private Http2ClientHandler(
            Http2ConnectionDecoder decoder,
            PromptEncoder encoder,
            Http2Settings settings,
            Http2ClientConnection owner) {
        super(decoder, encoder, settings, true);
        this.encoder = encoder;
        this.owner = owner;
        decoder.frameListener(owner);
        encoder.connection().addListener(owner);
        encoder.flowController().listener(owner::writabilityChanged);
    }

    /**
     * A handler for a connection.
     *
     * @param secure whether it is by TLS
     * @param maxHead bytes of a request's head
     */
    static Http2ClientHandler of(Http2ClientConnection owner, boolean secure, int maxHead) {
        Http2Connection frames = new DefaultHttp2Connection(true);
        frames.local().flowController(new DefaultHttp2LocalFlowController(frames, REFILL_AT, true));
        // Priorities are of no effect, as RFC 9113, 5.3.2 allows: there is nothing to be kept of them.
        frames.remote()
                .flowController(new DefaultHttp2RemoteFlowController(frames, new UniformStreamByteDistributor(frames)));
        int copied = secure ? FrameBatch.COPIED_BY_TLS : FrameBatch.COPIED;
        PromptEncoder encoder = new PromptEncoder(frames, new FrameBatch(new BoundedTableEncoder(), copied));
        // All fields are checked where they are read, by one rule for heads and trailers; but that pseudo fields
        // come first is seen only here, since Netty's map puts them there.
        Http2ConnectionDecoder decoder = new DefaultHttp2ConnectionDecoder(
                frames,
                encoder,
                new DefaultHttp2FrameReader(new DefaultHttp2HeadersDecoder(true, false, maxHead), NO_LIMIT_OF_NETTY),
                Http2PromisedRequestVerifier.ALWAYS_VERIFY,
                true,
                true,
                false);
        Http2Settings settings = new Http2Settings()
                .maxConcurrentStreams(MOST_STREAMS)
                .initialWindowSize(STREAM_WINDOW)
                .maxHeaderListSize(maxHead)
                .connectProtocolEnabled(true);
        return new Http2ClientHandler(decoder, encoder, settings, owner);
    }

    /** An encoder of fields whose table is not larger than we want it. */
    private static final class BoundedTableEncoder extends DefaultHttp2HeadersEncoder {
        BoundedTableEncoder() {
            super(Http2HeadersEncoder.NEVER_SENSITIVE, true);
        }

        @Override
        public void maxHeaderTableSize(long max) throws Http2Exception {
            super.maxHeaderTableSize(Math.min(max, MOST_TABLE));
        }
    }

    /** Where the handler stands in its pipeline. */
    ChannelHandlerContext here() {
        return Objects.requireNonNull(here, "not installed");
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) throws Exception {
        here = context;
        super.handlerAdded(context);
        if (context.channel().isActive()) {
            connection()
                    .local()
                    .flowController()
                    .incrementWindowSize(
                            connection().connectionStream(), CONNECTION_WINDOW - Http2CodecUtil.DEFAULT_WINDOW_SIZE);
            flush(context);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (owner.bytesArrived((ByteBuf) message)) {
            super.channelRead(context, message);
        } else {
            ReferenceCountUtil.release(message);
        }
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
        try {
            encoder.flowController().writePendingBytes();
        } catch (Http2Exception fault) {
            onError(context, true, fault);
        }
        encoder.send(context);
        context.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) throws Exception {
        super.channelWritabilityChanged(context);
        owner.socketWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        owner.gone();
        super.channelInactive(context);
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
    protected void onStreamError(
            ChannelHandlerContext context, boolean outbound, Throwable cause, Http2Exception.StreamException error) {
        super.onStreamError(context, outbound, cause, error);
        if (error instanceof Http2Exception.HeaderListSizeException) {
            owner.headTooLarge();
        } else if (!outbound) {
            owner.malformed();
        }
        if (!outbound) {
            owner.madeReset();
        }
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext context, boolean outbound, Throwable cause, @Nullable Http2Exception error) {
        owner.connectionError(cause, error);
    }
}
