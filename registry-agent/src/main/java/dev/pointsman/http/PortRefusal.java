package dev.pointsman.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

/** The reasons for which a port refuses a request before any handler has it: status and sentence of each. */
enum PortRefusal {
    BAD_REQUEST(400, "this is not an HTTP request"),
    BAD_HOST(400, "the request needs exactly one valid Host field"),
    BAD_BODY(400, "the request body is malformed"),
    FOREIGN_HOST(403, "the Host of this request is neither an address nor localhost nor a name given by --host-names"),
    FOREIGN_PAGE(403, "a page of another site sent this request"),
    HEAD_TIMEOUT(408, "the request head did not arrive in time"),
    BODY_TIMEOUT(408, "the request body did not arrive in time"),
    BODY_TOO_LARGE(413, "the request body is too large"),
    TARGET_TOO_LONG(414, "the request line is too long"),
    HEAD_TOO_LARGE(431, "the request head is too large"),
    UNKNOWN_CODING(501, "of the transfer codings only chunked is understood"),
    TOO_MANY_CONNECTIONS(503, "too many clients are connected right now"),
    UNKNOWN_VERSION(505, "only HTTP/1.0 and HTTP/1.1 are spoken here");

    private final int status;
    private final String sentence;

    PortRefusal(int status, String sentence) {
        this.status = status;
        this.sentence = sentence;
    }

    int status() {
        return status;
    }

    String sentence() {
        return sentence;
    }

    /** The refusal of a request head that the decoder could not read. */
    static PortRefusal ofDecoding(Throwable cause) {
        if (cause instanceof RequestDecoder.UnknownVersionException) {
            return UNKNOWN_VERSION;
        }
        if (cause instanceof TooLongHttpLineException) {
            return TARGET_TOO_LONG;
        }
        return cause instanceof TooLongHttpHeaderException ? HEAD_TOO_LARGE : BAD_REQUEST;
    }
}
