package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.downstream.RequestIds;
import dev.pointsman.balancer.resilience.FailureKind;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;

/** The statuses of gRPC, as far as the balancer gives them or judges by them (gRPC, "Status codes"). */
enum GrpcStatus {
    CANCELLED(1),
    UNKNOWN(2),
    DEADLINE_EXCEEDED(4),
    PERMISSION_DENIED(7),
    RESOURCE_EXHAUSTED(8),
    UNIMPLEMENTED(12),
    INTERNAL(13),
    UNAVAILABLE(14),
    DATA_LOSS(15),
    UNAUTHENTICATED(16);

    private static final AsciiString STATUS = AsciiString.cached("grpc-status");
    private static final AsciiString MESSAGE = AsciiString.cached("grpc-message");
    private static final AsciiString TYPE = AsciiString.cached("application/grpc");

    private final int code;

    GrpcStatus(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /** What a client of gRPC is told of a failure. */
    static GrpcStatus of(FailureKind kind) {
        return switch (kind) {
            case NO_ROUTE -> UNIMPLEMENTED;
            case RESPONSE_TIMEOUT -> DEADLINE_EXCEEDED;
            case QUEUE_FULL,
                    QUEUE_TIMEOUT,
                    TOO_MANY_REQUESTS,
                    AUTH_OVERLOAD,
                    BODY_TOO_LARGE,
                    HEAD_TOO_LARGE,
                    TARGET_TOO_LONG -> RESOURCE_EXHAUSTED;
            case UNAUTHORIZED -> UNAUTHENTICATED;
            case FORBIDDEN -> PERMISSION_DENIED;
            case CLIENT_GONE -> CANCELLED;
            default -> kind.status() < 500 || kind == FailureKind.BAD_RESPONSE ? INTERNAL : UNAVAILABLE;
        };
    }

    /** What a client of gRPC makes of a reset stream with this code (gRPC over HTTP2, "Errors"). */
    static GrpcStatus ofReset(long code) {
        Http2Error known = Http2Error.valueOf(code);
        return switch (known == null ? Http2Error.INTERNAL_ERROR : known) {
            case REFUSED_STREAM -> UNAVAILABLE;
            case CANCEL -> CANCELLED;
            case ENHANCE_YOUR_CALM -> RESOURCE_EXHAUSTED;
            case INADEQUATE_SECURITY -> PERMISSION_DENIED;
            default -> INTERNAL;
        };
    }

    /**
     * Makes a response without messages of it, which ends with its head ("Trailers-Only").
     *
     * @param fields of the response, empty by now
     * @param id of the request
     */
    static void tell(HttpHeaders fields, GrpcStatus status, FailureKind kind, String id) {
        fields.set(HttpHeaderNames.CONTENT_TYPE, TYPE)
                .set(STATUS, Integer.toString(status.code()))
                .set(MESSAGE, percentEncoded(kind.sentence() + " (request " + id + ")"))
                .set(RequestIds.FIELD, id);
    }

    /** Text as a grpc-message has it: printable ASCII as it is but for the percent sign, else the bytes of UTF-8. */
    static String percentEncoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            if (each >= ' ' && each <= '~' && each != '%') {
                encoded.append((char) each);
            } else {
                encoded.append(String.format("%%%02X", each));
            }
        }
        return encoded.toString();
    }

    /** Whether a field section says that a call failed by the fault of its server, as 5xx does of a request. */
    static boolean blamesServer(HttpHeaders section) {
        String told = section.get(STATUS);
        return told != null
                && (isOf(told, UNKNOWN)
                        || isOf(told, DEADLINE_EXCEEDED)
                        || isOf(told, INTERNAL)
                        || isOf(told, UNAVAILABLE)
                        || isOf(told, DATA_LOSS));
    }

    private static boolean isOf(String told, GrpcStatus status) {
        return told.equals(Integer.toString(status.code));
    }
}
