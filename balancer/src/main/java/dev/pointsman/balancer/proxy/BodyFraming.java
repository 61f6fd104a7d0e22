package dev.pointsman.balancer.proxy;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

/** How the end of a request's body is known (RFC 9112, 6.3). */
enum BodyFraming {
    NONE,
    COUNTED,
    CHUNKED;

    /** The framing of a request whose fields were found to be without contradiction. */
    static BodyFraming of(HttpHeaders fields) {
        if (fields.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            return CHUNKED;
        }
        String length = fields.get(HttpHeaderNames.CONTENT_LENGTH);
        return length == null || isZero(length) ? NONE : COUNTED;
    }

    private static boolean isZero(String length) {
        for (int i = 0; i < length.length(); i++) {
            if (length.charAt(i) != '0') {
                return false;
            }
        }
        return true;
    }
}
