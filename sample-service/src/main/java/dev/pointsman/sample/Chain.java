package dev.pointsman.sample;

import dev.pointsman.client.CallTimeoutException;
import dev.pointsman.client.NoInstanceException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.util.List;

/**
 * {@code /chain}: the greeting, and behind it that of an instance of another service, which is asked for it by {@code GET /} with
 * the trace and the request's id that came. Never for its own {@code /chain}: two services that call each other would not come
 * to an end.
 *
 * <p>Without a response of that service: 502, 503 when it has no instance, 504 when it takes too long.
 */
final class Chain implements Handler<HttpServerRequest> {
    private static final String PATH = "/";
    private static final List<String> PASSED_ON = List.of("X-Request-Id", "traceparent", "tracestate");
    /** Of the other service's response; that of the sample service is far shorter. */
    private static final int MOST_BYTES = 8 * 1024;

    private final String greeting;
    private final CalledService called;

    Chain(String greeting, CalledService called) {
        this.greeting = greeting;
        this.called = called;
    }

    @Override
    public void handle(HttpServerRequest request) {
        RequestOptions options = new RequestOptions().setMethod(HttpMethod.GET).setURI(PATH);
        for (String name : PASSED_ON) {
            String value = request.getHeader(name);
            if (value != null) {
                options.putHeader(name, value);
            }
        }
        called.request(options)
                .compose(call -> {
                    request.response().closeHandler(gone -> call.reset());
                    return call.send();
                })
                .compose(this::text)
                .onSuccess(text -> respond(request, 200, greeting + ", which asked " + called.address() + ": " + text))
                .onFailure(failure -> fail(request, failure));
    }

    private Future<String> text(HttpClientResponse response) {
        if (response.statusCode() / 100 != 2) {
            return Future.failedFuture(called.address() + ": responded with status " + response.statusCode());
        }
        Promise<String> text = Promise.promise();
        Buffer body = Buffer.buffer();
        response.handler(piece -> body.appendBuffer(piece, 0, Math.min(piece.length(), MOST_BYTES - body.length())));
        response.endHandler(end -> text.tryComplete(body.toString().strip()));
        response.exceptionHandler(
                cut -> text.tryFail(called.address() + ": the response was cut short: " + cut.getMessage()));
        return text.future();
    }

    private static void fail(HttpServerRequest request, Throwable failure) {
        String why = String.valueOf(failure.getMessage());
        if (failure instanceof NoInstanceException) {
            request.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
            respond(request, 503, why);
        } else if (failure instanceof CallTimeoutException) {
            respond(request, 504, why);
        } else {
            respond(request, 502, why);
        }
    }

    private static void respond(HttpServerRequest request, int status, String line) {
        if (!request.response().ended() && !request.response().closed()) {
            SampleHandler.respond(request, status, line);
        }
    }
}
