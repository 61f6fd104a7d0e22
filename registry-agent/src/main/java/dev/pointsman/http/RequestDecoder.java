package dev.pointsman.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.List;

/**
 * A decoder of requests: Netty's own, in the place of Vert.x's, and strict where Netty is lenient. Every port that
 * Pointsman opens reads with it.
 *
 * <p>Vert.x's recognises common field names by comparing all bytes but one, and so reads {@code Content-Xength} as
 * Content-Length (CVE-2026-102479): a client could make two programs disagree about where a request ends. Nothing above
 * the decoder can repair that, since the name as it was sent is gone by then. That part can go when the test named for
 * it passes without it, on a Vert.x of 5.1.10, 5.2.1 or later.
 */
public class RequestDecoder extends HttpRequestDecoder {
    /** The name of Vert.x's decoder among the handlers of a connection of its own. */
    private static final String VERTX_DECODER = "httpDecoder";

    private static final ByteEvents NO_EVENTS = new ByteEvents() {
        @Override
        public void bytesArrived() {}

        @Override
        public void bytesDecoded(boolean anyLeft) {}
    };

    private final ByteEvents events;
    private final StartLine startLine = new StartLine();
    private boolean headBegun;

    /** The receiver of events about a connection's bytes, beside the decoded messages. */
    public interface ByteEvents {
        /** Called when bytes have arrived and are about to be decoded. */
        void bytesArrived();

        /**
         * Called when all messages that these bytes complete were passed on.
         *
         * @param anyLeft whether a part of another head, or of a body, is left
         */
        void bytesDecoded(boolean anyLeft);
    }

    /** A decoder with these limits. */
    protected RequestDecoder(HttpDecoderConfig limits, ByteEvents events) {
        super(limits);
        this.events = events;
    }

    /**
     * Has a connection read by such a decoder. To be called when Vert.x has just accepted it, before anything is read.
     *
     * @param options that Vert.x serves it with
     */
    public static void installOn(HttpConnection connection, HttpServerOptions options) {
        new RequestDecoder(limitsOf(options), NO_EVENTS).replaceVertxOn(((ConnectionBase) connection).channel());
    }

    /** The limits of what is decoded under these options. */
    protected static HttpDecoderConfig limitsOf(HttpServerOptions options) {
        return new HttpDecoderConfig()
                .setMaxInitialLineLength(options.getMaxInitialLineLength())
                .setMaxHeaderSize(options.getMaxHeaderSize())
                .setMaxChunkSize(options.getMaxChunkSize())
                .setInitialBufferSize(options.getDecoderInitialBufferSize());
    }

    /** Takes the place of Vert.x's decoder on a new connection. */
    protected final void replaceVertxOn(Channel channel) {
        channel.pipeline().replace(VERTX_DECODER, VERTX_DECODER, this);
    }

    @Override
    public void channelRead(ChannelHandlerContext reading, Object message) throws Exception {
        events.bytesArrived();
        super.channelRead(reading, message);
        // A head of which whole lines have arrived leaves no byte behind in the buffer.
        events.bytesDecoded(headBegun || actualReadableBytes() > 0);
    }

    @Override
    protected void decode(ChannelHandlerContext decoding, ByteBuf in, List<Object> out) throws Exception {
        int before = out.size();
        super.decode(decoding, in, out);
        if (out.size() > before) {
            headBegun = false;
        }
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
        return FieldNames.of(line, start, length);
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
        headBegun = true;
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
