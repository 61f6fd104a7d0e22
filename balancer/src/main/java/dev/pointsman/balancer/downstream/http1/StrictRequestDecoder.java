package dev.pointsman.balancer.downstream.http1;

import dev.pointsman.balancer.downstream.TlsInClearTextException;
import dev.pointsman.balancer.loop.Channels;
import dev.pointsman.http.RequestDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The decoder of the data plane: besides being strict, it stops behind a request for another protocol until that was
 * granted or refused.
 */
public final class StrictRequestDecoder extends RequestDecoder {
    /** The most bytes that may come after a request for another protocol and before the response to it. */
    private static final int MOST_BUFFERED = 64 * 1024;

    /** The first byte of a record with a handshake (RFC 8446, 5.1), which no method begins with. */
    private static final int TLS_HANDSHAKE = 22;

    private @Nullable ChannelHandlerContext context;
    private boolean halted;
    private Start start = Start.AWAITED;

    /** What a connection has begun with. */
    private enum Start {
        AWAITED,
        TEXT,
        TLS
    }

    StrictRequestDecoder(HttpDecoderConfig limits, ByteEvents events) {
        super(limits, events);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) throws Exception {
        context = added;
        super.handlerAdded(added);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext removed) throws Exception {
        context = null;
        super.handlerRemoved0(removed);
    }

    @Override
    public void channelRead(ChannelHandlerContext reading, Object message) throws Exception {
        super.channelRead(reading, message);
        if (halted && actualReadableBytes() > MOST_BUFFERED) {
            Channels.close(reading.channel());
        }
    }

    @Override
    protected void decode(ChannelHandlerContext decoding, ByteBuf in, List<Object> out) throws Exception {
        if (halted) {
            return;
        }
        if (start == Start.AWAITED && in.isReadable()) {
            start = in.getUnsignedByte(in.readerIndex()) == TLS_HANDSHAKE ? Start.TLS : Start.TEXT;
            if (start == Start.TLS) {
                HttpMessage none = createInvalidMessage();
                none.setDecoderResult(DecoderResult.failure(new TlsInClearTextException()));
                out.add(none);
            }
        }
        if (start == Start.TLS) {
            in.skipBytes(in.readableBytes());
            return;
        }
        super.decode(decoding, in, out);
        int size = out.size();
        halted = size > 1
                && out.get(size - 1) instanceof LastHttpContent
                && out.get(size - 2) instanceof HttpRequest request
                && request.headers().contains(HttpHeaders.UPGRADE);
    }

    /**
     * Resumes decoding. What follows a request for another protocol is not decoded until that was granted or refused:
     * it may be that protocol's already (RFC 9110, 7.8). This is the refusal, or the end of the response that took no
     * notice of it: what follows is HTTP.
     */
    void resume() {
        ChannelHandlerContext here = context;
        if (halted && here != null) {
            halted = false;
            try {
                channelRead(here, Unpooled.EMPTY_BUFFER);
                channelReadComplete(here);
            } catch (Exception undecodable) {
                here.fireExceptionCaught(undecodable);
            }
        }
    }

    /** Whether what follows waits for what becomes of a request for another protocol. */
    boolean isHalted() {
        return halted;
    }

    /** Whether requests are decoded here, and no part of one is held. */
    boolean isIdle() {
        return context != null && actualReadableBytes() == 0;
    }

    /** Ends decoding: the connection belongs to another protocol, and so do the bytes that have come behind the request. */
    void remove() {
        ChannelHandlerContext here = context;
        if (here != null) {
            here.pipeline().remove(this);
        }
    }
}
