package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.resilience.FailureKind;
import io.netty.channel.ConnectTimeoutException;
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
