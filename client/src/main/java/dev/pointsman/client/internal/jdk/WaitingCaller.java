package dev.pointsman.client.internal.jdk;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;

/**
 * An executor whose first task is run by the thread that waits for the response anyway; all others go to another executor. It
 * saves the common call a hand-over between threads.
 */
final class WaitingCaller implements Executor {
    private final Executor others;
    private final CompletableFuture<Runnable> first = new CompletableFuture<>();

    WaitingCaller(Executor others) {
        this.others = others;
    }

    @Override
    public void execute(Runnable task) {
        if (!first.complete(task)) {
            others.execute(task);
        }
    }

    /** Waits for the result, and runs the first task meanwhile. */
    <T> T await(CompletableFuture<T> result) throws InterruptedException, ExecutionException {
        Future<?> unused = result.whenComplete((value, failure) -> first.complete(WaitingCaller::nothing));
        try {
            first.get().run();
        } catch (InterruptedException e) {
            leave();
            throw e;
        }
        return result.get();
    }

    private void leave() {
        if (!first.complete(WaitingCaller::nothing)) {
            others.execute(first.join());
        }
    }

    private static void nothing() {}
}
