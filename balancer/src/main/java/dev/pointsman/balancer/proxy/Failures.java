package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.pool.Outcome;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.TimeoutException;

/** Failures, from what was thrown to what the client is told. The only place that looks at the types of exceptions. */
final class Failures {
    private Failures() {}

    /** What kept a connection from standing. */
    static FailureKind ofConnecting(Throwable cause) {
        return cause instanceof ConnectTimeoutException || cause instanceof TimeoutException
                ? FailureKind.CONNECT_TIMEOUT
                : FailureKind.CONNECT_FAILED;
    }

    /** What an attempt that failed so says of its upstream. */
    static Outcome outcomeOf(FailureKind kind) {
        return switch (kind) {
            case CONNECT_FAILED, CONNECT_TIMEOUT -> Outcome.CONNECT_FAILED;
            case RESPONSE_TIMEOUT -> Outcome.TIMED_OUT;
            case BROKEN_ANSWER -> Outcome.BROKEN;
            default -> Outcome.UNDECIDED;
        };
    }

    /** Refuses a request as such. The connection ends with it: who knows what the rest of it is meant to be. */
    static void refuse(HttpServerRequest request, FailureKind kind) {
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        reply(request, kind);
        request.connection().close();
    }

    /** Refuses what the decoder could not make sense of, see {@link ExactRequestDecoder}. */
    static void refuseUndecodable(HttpServerRequest request) {
        if (request.decoderResult().cause() instanceof ExactRequestDecoder.UnknownVersionException) {
            refuse(request, FailureKind.UNKNOWN_VERSION);
        } else {
            HttpServerRequest.DEFAULT_INVALID_REQUEST_HANDLER.handle(request);
        }
    }

    /** Answers in the upstream's place, in one sentence of plain text. Does nothing once a head was sent. */
    static void reply(HttpServerRequest request, FailureKind kind) {
        HttpServerResponse response = request.response();
        if (response.headWritten() || response.closed()) {
            return;
        }
        response.setStatusCode(kind.status()).putHeader("content-type", "text/plain; charset=utf-8");
        if (kind.status() == 503) {
            response.putHeader("retry-after", "1");
        }
        if (request.method().equals(HttpMethod.HEAD)) {
            response.end();
        } else {
            response.end(kind.status() + " " + kind.sentence() + "\n");
        }
        // What is still to come of the request's body is read and forgotten, or the connection would stand still.
        request.resume();
    }
}
