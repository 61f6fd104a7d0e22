package dev.pointsman.balancer.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The bytes around the pieces of a body in the chunked transfer coding (RFC 9112, 7.1). */
public final class ChunkedBody {
    private static final ByteBuf LINE_END = constant("\r\n");
    private static final ByteBuf LAST_CHUNK = constant("0\r\n\r\n");

    private ChunkedBody() {}

    /** The bytes before a piece, which must not be empty. */
    public static ByteBuf sizeLine(ByteBuf piece) {
        String size = Integer.toHexString(piece.readableBytes());
        return Unpooled.copiedBuffer(size + "\r\n", StandardCharsets.US_ASCII);
    }

    /** The bytes behind a piece. */
    public static ByteBuf lineEnd() {
        return LINE_END.duplicate();
    }

    /** The end of the body: the last chunk, and those trailer fields that may be trailers (RFC 9110, 6.5.1). */
    public static ByteBuf lastChunk(HttpHeaders trailers) {
        if (trailers.isEmpty()) {
            return LAST_CHUNK.duplicate();
        }
        HeadBuffer out = new HeadBuffer().add("0\r\n");
        for (Map.Entry<String, String> trailer : trailers) {
            if (FieldKind.of(trailer.getKey()).mayBeTrailer()) {
                out.field(trailer.getKey(), trailer.getValue());
            }
        }
        ByteBuf bytes = Unpooled.buffer();
        out.endLine().writeTo(bytes::writeBytes);
        return bytes;
    }

    private static ByteBuf constant(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return Unpooled.unreleasableBuffer(
                Unpooled.directBuffer(bytes.length).writeBytes(bytes).asReadOnly());
    }
}
