package dev.pointsman.balancer;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Supplier;

/** The event loop of the control plane, on which all happens that decides about routes. Thread-safe. */
final class ControlLoop {
    private final Vertx vertx;
    private final Context context;

    /** The loop of a Vert.x instance that has one. */
    ControlLoop(Vertx vertx) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
    }

    /** The instance that the loop belongs to. */
    Vertx vertx() {
        return vertx;
    }

    /** Does something on the loop. */
    <T> Future<T> call(Supplier<T> work) {
        Promise<T> done = Promise.promise();
        context.runOnContext(onLoop -> {
            try {
                done.complete(work.get());
            } catch (RuntimeException broken) {
                done.fail(broken);
            }
        });
        return done.future();
    }

    /** The same result, but what follows on it happens on the loop, wherever it comes from. */
    <T> Future<T> back(Future<T> elsewhere) {
        Promise<T> here = Promise.promise();
        elsewhere.onComplete(result -> context.runOnContext(onLoop -> here.handle(result)));
        return here.future();
    }

    /** Begins something on the loop; completes when it is over. */
    <T> Future<T> begin(Supplier<Future<T>> work) {
        return call(work).compose(begun -> begun);
    }
}
