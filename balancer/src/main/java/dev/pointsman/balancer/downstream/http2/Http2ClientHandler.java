package dev.pointsman.balancer.downstream.http2;

import dev.pointsman.balancer.frames.BatchingEncoder;
import dev.pointsman.balancer.frames.BoundedTableEncoder;
import dev.pointsman.balancer.frames.FrameBatch;
import dev.pointsman.balancer.loop.LoopTurns;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The frames of one connection of a client, by Netty: settings, flow control and the states of streams. What it meets goes to the
 * {@link Http2ClientConnection}.
 */
final class Http2ClientHandler extends Http2ConnectionHandler implements ArrivedBytes.Decoder {
    /** Requests that a client may have under way at a time. */
    static final int MOST_STREAMS = 100;

    /** Small CONTINUATION frames that Netty takes: {@link FloodGuard} bounds them all. */
    private static final int NO_LIMIT_OF_NETTY = Integer.MAX_VALUE;

    private static final float REFILL_AT = 0.5f;

    private final BatchingEncoder encoder;
    private final Http2ClientConnection owner;
    private final IncomingFrames incoming;
    private final ArrivedBytes arrived;
    private @Nullable ChannelHandlerContext here;

    private Http2ClientHandler(
            Http2ConnectionDecoder decoder,
            BatchingEncoder encoder,
            Http2Settings settings,
            Http2ClientConnection owner,
            IncomingFrames incoming) {
        super(decoder, encoder, settings, true);
        this.encoder = encoder;
        this.owner = owner;
        this.incoming = incoming;
        this.arrived = new ArrivedBytes(incoming.scan(), this);
        decoder.frameListener(incoming);
        encoder.flowController().listener(owner::writabilityChanged);
    }

    /**
     * A handler for a connection.
     *
     * @param incoming gets what the client sends
     * @param secure whether it is by TLS
     * @param maxHead bytes of a request's head
     */
    static Http2ClientHandler of(Http2ClientConnection owner, IncomingFrames incoming, boolean secure, int maxHead) {
        Http2Connection frames = new DefaultHttp2Connection(true);
        frames.local().flowController(new DefaultHttp2LocalFlowController(frames, REFILL_AT, true));
        // Priorities are of no effect, as RFC 9113, 5.3.2 allows: there is nothing to be kept of them.
        frames.remote()
                .flowController(new DefaultHttp2RemoteFlowController(frames, new UniformStreamByteDistributor(frames)));
        int copied = secure ? FrameBatch.COPIED_BY_TLS : FrameBatch.COPIED;
        BatchingEncoder encoder = new BatchingEncoder(frames, new FrameBatch(new BoundedTableEncoder(true), copied));
        // All fields are checked where they are read, by one rule for heads and trailers.
        Http2ConnectionDecoder decoder = new DefaultHttp2ConnectionDecoder(
                frames,
                encoder,
                new WatchedFrames(new SectionDecoder(maxHead), NO_LIMIT_OF_NETTY, incoming),
                Http2PromisedRequestVerifier.ALWAYS_VERIFY,
                true,
                true,
                false);
        Http2Settings settings = new Http2Settings()
                .maxConcurrentStreams(MOST_STREAMS)
                .initialWindowSize(UploadWindows.STREAM)
                .maxHeaderListSize(maxHead)
                .connectProtocolEnabled(true);
        return new Http2ClientHandler(decoder, encoder, settings, owner, incoming);
    }

    /** A decoder of field sections, which checks no field. */
    private static final class SectionDecoder extends DefaultHttp2HeadersDecoder {
        SectionDecoder(int maxHead) {
            super(false, false, maxHead);
        }

        @Override
        protected Http2Headers newHeaders() {
            return new FieldSection();
        }
    }

    @Override
    public ChannelFuture resetStream(ChannelHandlerContext context, int id, long code, ChannelPromise promise) {
        owner.streams().resets().byUs(id);
        return super.resetStream(context, id, code, promise);
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
            owner.windows().begin();
            flush(context);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        arrived.arrive((ByteBuf) message);
    }

    /** Not Netty's, which would go on reading where the reader of the pipeline has to wait for its turn. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        arrived.readComplete();
        turnDecoded();
    }

    @Override
    public boolean isClosing() {
        return owner.isClosing();
    }

    @Override
    public int look(ByteBuf bytes) {
        return incoming.bytesArrived(bytes);
    }

    @Override
    public void decode(ByteBuf bytes) {
        try {
            super.channelRead(here(), bytes);
        } catch (Exception fault) {
            exceptionCaught(here(), fault);
        }
    }

    @Override
    public void turnDecoded() {
        discardSomeReadBytes();
        incoming.readComplete();
        flush(here());
    }

    @Override
    public void waitingChanged() {
        owner.adjustReading();
    }

    @Override
    public void inNextTurn(Runnable task) {
        LoopTurns.inNextTurn(here().channel().eventLoop(), task);
    }

    /** Whether something that was read is not decoded yet. */
    boolean isBehind() {
        return arrived.isWaiting();
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        encoder.flush(context);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) throws Exception {
        super.channelWritabilityChanged(context);
        owner.adjustReading();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        arrived.drop();
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
        if (outbound || error instanceof Http2Exception.HeaderListSizeException) {
            super.onStreamError(context, outbound, cause, error);
            return;
        }
        switch (incoming.streamError(error.streamId())) {
            case IGNORED -> {
                // It was under way when the stream was reset.
            }
            case OF_STREAM -> super.onStreamError(context, false, cause, ofStream(error));
            case OF_CONNECTION -> owner.connectionError(cause, ofConnection(error));
        }
    }

    /** The error for a frame on a stream that is open: a head behind the end of its request is of another kind for Netty. */
    private Http2Exception.StreamException ofStream(Http2Exception.StreamException error) {
        Http2ClientStream stream = owner.streams().of(error.streamId());
        boolean ended = stream != null && stream.isRequestEnded();
        String message = String.valueOf(error.getMessage());
        return ended && message.contains("too many headers")
                ? (Http2Exception.StreamException)
                        Http2Exception.streamError(error.streamId(), Http2Error.STREAM_CLOSED, "%s", message)
                : error;
    }

    /** The error for a frame on a stream that is over, or never was one (RFC 9113, 5.1 and 5.1.1). */
    private static Http2Exception ofConnection(Http2Exception.StreamException error) {
        boolean begins = String.valueOf(error.getMessage()).contains("HEADERS");
        Http2Error code = begins ? Http2Error.PROTOCOL_ERROR : error.error();
        return Http2Exception.connectionError(code, "%s", String.valueOf(error.getMessage()));
    }

    /** Responds to a head that is too large, as to any that is no request; the stream is reset next. */
    @Override
    protected void handleServerHeaderDecodeSizeError(ChannelHandlerContext context, Http2Stream stream) {
        incoming.headTooLarge(stream);
        try {
            encoder().flowController().writePendingBytes();
        } catch (Http2Exception impossible) {
            owner.broken(impossible);
        }
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext context, boolean outbound, Throwable cause, @Nullable Http2Exception error) {
        owner.connectionError(cause, error);
    }
}
