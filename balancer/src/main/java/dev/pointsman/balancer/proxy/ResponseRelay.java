package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.pool.Outcome;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Passes an upstream's answer on to the client: the head at once, the body as it comes, at the pace of the slower side.
 * An answer that breaks off midway breaks off for the client too, so that it is not taken for a whole one.
 */
final class ResponseRelay {
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final HttpClientResponse answer;
    private final Consumer<Outcome> done;
    private boolean endsWithConnection;
    private boolean over;

    ResponseRelay(HttpServerRequest request, HttpClientResponse answer, Consumer<Outcome> done) {
        this.request = request;
        this.response = request.response();
        this.answer = answer;
        this.done = done;
    }

    void start() {
        writeHeadFields();
        boolean bodiless = isBodiless();
        if (!bodiless) {
            frame();
        }
        answer.exceptionHandler(this::brokeOff);
        answer.endHandler(end -> {
            copyTrailers();
            finish(null);
        });
        if (!bodiless) {
            answer.handler(this::chunk);
            // If the body's start came together with the head they leave together; if it did not, the head goes now.
            Vertx.currentContext().runOnContext(later -> writeHeadAlone());
        }
    }

    private void writeHeadFields() {
        response.setStatusCode(answer.statusCode());
        // Setting a phrase costs, and hides from Vert.x that a 304 has no body; only an unusual one is worth it.
        if (!answer.statusMessage().equals(response.getStatusMessage())) {
            response.setStatusMessage(answer.statusMessage());
        }
        MultiMap own = response.headers();
        String connection = own.get(HttpHeaders.CONNECTION);
        HopHeaders.copyEndToEnd(answer.headers(), own);
        if (connection != null) {
            own.set(HttpHeaders.CONNECTION, connection);
        }
    }

    /** Answers that have no body whatever their fields say (RFC 9112, 6.3). */
    private boolean isBodiless() {
        int status = answer.statusCode();
        return request.method().equals(HttpMethod.HEAD) || status == 204 || status == 304;
    }

    private void frame() {
        if (response.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
            return;
        }
        if (request.version() == HttpVersion.HTTP_1_0) {
            // No chunks in HTTP/1.0: the end of the connection is the end of the body.
            endsWithConnection = true;
            response.headersEndHandler(head -> response.headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE));
        } else {
            response.setChunked(true);
        }
    }

    private void chunk(Buffer chunk) {
        if (over) {
            return;
        }
        boolean whole = !response.headWritten()
                && Integer.toString(chunk.length()).equals(response.headers().get(HttpHeaders.CONTENT_LENGTH));
        if (whole) {
            finish(chunk);
        } else {
            Bodies.write(chunk, answer, response);
        }
    }

    private void writeHeadAlone() {
        boolean lengthKnown = response.headers().contains(HttpHeaders.CONTENT_LENGTH) || response.isChunked();
        if (!over && !response.headWritten() && !response.closed() && lengthKnown) {
            response.writeHead();
        }
    }

    private void copyTrailers() {
        if (!over && response.isChunked() && !answer.trailers().isEmpty()) {
            HopHeaders.copyEndToEnd(answer.trailers(), response.trailers());
        }
    }

    private void finish(@Nullable Buffer last) {
        if (over) {
            return;
        }
        over = true;
        if (!response.closed()) {
            (last == null ? response.end() : response.end(last)).onComplete(sent -> {
                if (endsWithConnection) {
                    request.connection().close();
                }
            });
        }
        done.accept(Outcome.ofStatus(answer.statusCode()));
    }

    private void brokeOff(Throwable cause) {
        if (over) {
            return;
        }
        over = true;
        if (response.headWritten()) {
            response.reset();
        } else {
            response.headers().clear();
            Failures.reply(request, FailureKind.BROKEN_ANSWER);
        }
        done.accept(Outcome.BROKEN);
    }
}
