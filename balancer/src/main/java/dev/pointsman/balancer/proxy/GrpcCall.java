package dev.pointsman.balancer.proxy;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** What a request of gRPC says in its fields (gRPC over HTTP2, "Requests"). */
final class GrpcCall {
    /** The longest timeout that is read as one, in digits. */
    private static final int MOST_DIGITS = 8;

    private static final String TYPE = "application/grpc";
    private static final AsciiString TIMEOUT = AsciiString.cached("grpc-timeout");
    private static final long NONE = 0;

    private GrpcCall() {}

    /** Whether the content is gRPC, whatever its messages are coded in; gRPC-Web is another protocol. */
    static boolean is(HttpHeaders fields) {
        String type = fields.get(HttpHeaderNames.CONTENT_TYPE);
        return type != null
                && type.regionMatches(true, 0, TYPE, 0, TYPE.length())
                && (type.length() == TYPE.length() || "+;".indexOf(type.charAt(TYPE.length())) >= 0);
    }

    /** The time that the client gives the call, in nanoseconds; 0 where it gives none, or what it says is no time. */
    static long timeoutNanos(HttpHeaders fields) {
        String text = fields.get(TIMEOUT);
        return text == null ? NONE : nanos(text);
    }

    private static long nanos(String text) {
        int digits = text.length() - 1;
        if (digits < 1 || digits > MOST_DIGITS) {
            return NONE;
        }
        long amount = 0;
        for (int i = 0; i < digits; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return NONE;
            }
            amount = amount * 10 + c - '0';
        }
        Long unit = unit(text.charAt(digits));
        // A deadline that is over already still is one.
        return unit == null ? NONE : Math.max(1, amount > Long.MAX_VALUE / unit ? Long.MAX_VALUE : amount * unit);
    }

    private static @Nullable Long unit(char letter) {
        return switch (letter) {
            case 'H' -> 3_600_000_000_000L;
            case 'M' -> 60_000_000_000L;
            case 'S' -> 1_000_000_000L;
            case 'm' -> 1_000_000L;
            case 'u' -> 1_000L;
            case 'n' -> 1L;
            default -> null;
        };
    }
}
