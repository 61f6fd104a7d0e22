package dev.pointsman.balancer.downstream;

import dev.pointsman.balancer.http.StartLine;
import dev.pointsman.balancer.http.StrictVersion;
import dev.pointsman.balancer.loop.Channels;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The decoder of requests: Netty's own, in the place of Vert.x's, and strict where Netty is lenient.
 *
 * <p>Vert.x's recognises common field names by comparing all bytes but one, and so reads {@code Content-Xength} as
 * Content-Length (CVE-2026-102479): a client could make this proxy and an upstream disagree about where a request ends.
 * Nothing above the decoder can repair that, since the name as it was sent is gone by then. That part can go when the
 * test named for it passes without it, on a Vert.x of 5.1.10, 5.2.1 or later.
 */
public final class StrictRequestDecoder extends HttpRequestDecoder {
    private static final String VERTX_NAME = "httpDecoder";

    /** The most bytes that may come after a request for another protocol and before the response to it. */
    private static final int MOST_BUFFERED = 64 * 1024;

    private final ByteEvents events;
    private final StartLine startLine = new StartLine();
    private @Nullable ChannelHandlerContext context;
    private boolean halted;

    /** The receiver of events about a connection's bytes, beside the decoded messages. */
    interface ByteEvents {
        /** Called when bytes have arrived and are about to be decoded. */
        void bytesArrived();

        /** Called when all messages that these bytes complete were passed on; perhaps a part of another is left. */
        void bytesDecoded(boolean anyLeft);
    }

    StrictRequestDecoder(HttpServerOptions options, ByteEvents events) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(options.getMaxInitialLineLength())
                .setMaxHeaderSize(options.getMaxHeaderSize())
                .setMaxChunkSize(options.getMaxChunkSize())
                .setInitialBufferSize(options.getDecoderInitialBufferSize()));
        this.events = events;
    }

    /**
     * Replaces Vert.x's decoder on a new connection.
     *
     * @param next gets what is decoded, before Vert.x
     */
    void install(Channel channel, ChannelHandler next) {
        channel.pipeline().replace(VERTX_NAME, VERTX_NAME, this);
        channel.pipeline().addAfter(VERTX_NAME, "client", next);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) throws Exception {
        context = added;
        super.handlerAdded(added);
    }

    /** Called by Netty when the connection becomes a tunnel. */
    @Override
    protected void handlerRemoved0(ChannelHandlerContext removed) throws Exception {
        context = null;
        super.handlerRemoved0(removed);
    }

    @Override
    public void channelRead(ChannelHandlerContext reading, Object message) throws Exception {
        events.bytesArrived();
        super.channelRead(reading, message);
        events.bytesDecoded(actualReadableBytes() > 0);
        if (halted && actualReadableBytes() > MOST_BUFFERED) {
            Channels.close(reading.channel());
        }
    }

    @Override
    protected void decode(ChannelHandlerContext decoding, ByteBuf in, List<Object> out) throws Exception {
        if (halted) {
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

    /** Whether requests are decoded here, and no part of one is held. */
    boolean isIdle() {
        return context != null && actualReadableBytes() == 0;
    }

    /** The bytes after a request whose protocol was granted, and which belong to that protocol. */
    byte[] takeRemainingBytes() {
        ByteBuf rest = internalBuffer();
        byte[] bytes = ByteBufUtil.getBytes(rest);
        rest.skipBytes(rest.readableBytes());
        return bytes;
    }

    @Override
    protected String splitFirstWordInitialLine(byte[] line, int start, int length) {
        startLine.first(start, length);
        return super.splitFirstWordInitialLine(line, start, length);
    }

    @Override
    protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
        startLine.next(line, start, length);
        return super.splitSecondWordInitialLine(line, start, length);
    }

    @Override
    protected String splitThirdWordInitialLine(byte[] line, int start, int length) {
        startLine.next(line, start, length);
        return super.splitThirdWordInitialLine(line, start, length);
    }

    /** Reads a field's name, which has at least one character (RFC 9112, 5); Netty's own check lets none pass. */
    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        if (length == 0) {
            throw new IllegalArgumentException("a field without a name");
        }
        return super.splitHeaderName(line, start, length);
    }

    /** Makes a request as Vert.x expects it: with fields that are its own kind of map, and a version that it knows. */
    @Override
    protected HttpMessage createMessage(String[] requestLine) {
        if (!startLine.isWellFormed() || requestLine[2].isEmpty()) {
            throw new IllegalArgumentException("a request line that is not METHOD SP TARGET SP VERSION");
        }
        HttpVersion version = StrictVersion.parse(requestLine[2]);
        if (version == null) {
            throw new UnknownVersionException(requestLine[2]);
        }
        return new DefaultHttpRequest(
                version, HttpMethod.valueOf(requestLine[0]), requestLine[1], (io.netty.handler.codec.http.HttpHeaders)
                        HttpHeaders.headers());
    }

    /** Makes the message for an invalid request; Netty's would have us respond in HTTP/1.0. */
    @Override
    protected HttpMessage createInvalidMessage() {
        return new DefaultHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.GET, "/", (io.netty.handler.codec.http.HttpHeaders)
                        HttpHeaders.headers());
    }

    /** Thrown for a major version of HTTP that is not supported. */
    public static final class UnknownVersionException extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        private UnknownVersionException(String version) {
            super(version);
        }
    }
}
