package dev.pointsman.agent;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Blocking waits for futures; not for event loops. */
final class Await {
    private Await() {}

    /** A future that failed, or did not complete in time. */
    static final class Failed extends Exception {
        private static final long serialVersionUID = 1;

        private final Throwable reason;

        Failed(Throwable reason) {
            super(reason);
            this.reason = reason;
        }

        Throwable reason() {
            return reason;
        }
    }

    static <T> T result(Future<T> future, Duration bound) throws Failed, InterruptedException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(bound.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new Failed(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw new Failed(new TimeoutException("not done within " + bound.toMillis() + " ms"));
        }
    }
}
