package dev.pointsman.balancer.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The bytes around the pieces of a body in the chunked transfer coding (RFC 9112, 7.1). */
public final class ChunkedBody {
    private ChunkedBody() {}

    /** The bytes before a piece of this many bytes, more than none. */
    public static byte[] sizeLine(int bytes) {
        return (Integer.toHexString(bytes) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** The bytes behind a piece. */
    public static byte[] lineEnd() {
        return new byte[] {'\r', '\n'};
    }

    /** The end of the body: the last chunk, and those trailer fields that may be trailers (RFC 9110, 6.5.1). */
    public static HeadBuffer lastChunk(HttpHeaders trailers) {
        HeadBuffer out = new HeadBuffer(64).add("0\r\n");
        for (Map.Entry<String, String> trailer : trailers) {
            if (FieldKind.of(trailer.getKey()).mayBeTrailer()) {
                out.field(trailer.getKey(), trailer.getValue());
            }
        }
        return out.endLine();
    }
}
