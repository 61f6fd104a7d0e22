package dev.pointsman.sample;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.OptionalLong;

/** {@code /slow?ms=}: the greeting after a while (1 s by default), during which nothing blocks. */
final class Slow implements Handler<HttpServerRequest> {
    private static final long DEFAULT_MILLIS = 1_000;
    private static final long MOST_MILLIS = 600_000;

    private final Greeting greeting;

    Slow(Greeting greeting) {
        this.greeting = greeting;
    }

    @Override
    public void handle(HttpServerRequest request) {
        OptionalLong millis = Query.number(request, "ms", DEFAULT_MILLIS, MOST_MILLIS);
        if (millis.isEmpty()) {
            return;
        }
        if (millis.getAsLong() == 0) {
            greeting.handle(request);
            return;
        }
        Vertx vertx = Vertx.currentContext().owner();
        long timer = vertx.setTimer(millis.getAsLong(), now -> greeting.handle(request));
        request.response().closeHandler(gone -> vertx.cancelTimer(timer));
    }
}
