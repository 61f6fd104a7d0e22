package dev.pointsman.sample;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * All other paths: a response that names the service's type and process. With a busy loop it costs CPU time
 * first, one response at a time, as in a single-threaded service that blocks; but on a thread beside the event loop, so that
 * the health path still responds: the point is to be slow, not to be taken for dead.
 */
final class Greeting implements Handler<HttpServerRequest> {
    private final String text;
    private final long turns;
    private @Nullable WorkerExecutor worker;

    Greeting(String text, long turns) {
        this.text = text;
        this.turns = turns;
    }

    String text() {
        return text;
    }

    @Override
    public void handle(HttpServerRequest request) {
        if (turns == 0) {
            SampleHandler.respond(request, 200, text);
            return;
        }
        if (worker == null) {
            Context here = Vertx.currentContext();
            worker = here.owner().createSharedWorkerExecutor("busy", 1);
        }
        worker.executeBlocking(this::spin, false).onSuccess(last -> {
            if (!request.response().closed()) {
                SampleHandler.respond(request, 200, text);
            }
        });
    }

    /** Spins for a number of turns: a xorshift, so that the compiler cannot remove the loop; its state is never 0. */
    private long spin() {
        long state = 1;
        for (long i = 0; i < turns; i++) {
            state ^= state << 13;
            state ^= state >>> 7;
            state ^= state << 17;
        }
        if (state == 0) {
            throw new IllegalStateException("a xorshift never reaches 0");
        }
        return state;
    }
}
