package dev.pointsman.sample;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;

/**
 * {@code /crash}: the process ends at once, as with {@code kill -9}: nothing is sent, and nothing deregistered. {@code
 * /crash?how=throw}: an exception ends a thread instead, and the process stops in good order, with exit code 1.
 */
final class Crash implements Handler<HttpServerRequest> {
    private static final int EXIT_CODE = 134;

    @Override
    public void handle(HttpServerRequest request) {
        if ("throw".equals(Query.text(request, "how"))) {
            Runnable failing = () -> {
                throw new IllegalStateException("as asked for by /crash?how=throw");
            };
            new Thread(failing, "crash").start();
            SampleHandler.respond(request, 200, "stopping by an uncaught exception");
        } else {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }
}
