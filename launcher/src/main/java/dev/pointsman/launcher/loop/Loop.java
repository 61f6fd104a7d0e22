package dev.pointsman.launcher.loop;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An executor that runs tasks one at a time and in order, so that objects confined to it need no locks. Tasks must not block.
 * Thread-safe. Tasks given to it after its end are dropped.
 */
public interface Loop extends Executor {
    /** Runs a task after a delay. */
    LoopTimer after(Duration delay, Runnable task);

    /** A clock's reading in nanoseconds, as {@link System#nanoTime()} gives it: for differences only. */
    long nanos();

    /** Whether the caller is a task of this loop. */
    boolean isInside();

    /** A scheduled task that can be cancelled. */
    interface LoopTimer {
        /** Cancels the task, if it has not begun. Idempotent. */
        void cancel();
    }

    /** Completes after a delay, on the loop. */
    default CompletionStage<Void> pause(Duration delay) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        after(delay, () -> over.complete(null));
        return over;
    }

    /** Runs a task on the loop with a stage's outcome: the value, or null and the failure. */
    default <T> void then(CompletionStage<T> stage, BiConsumer<T, @Nullable Throwable> next) {
        stage.whenComplete((value, failure) -> execute(() -> next.accept(value, failure)));
    }

    /** Runs a task on the loop with the value of a stage that does not fail. */
    default <T> void then(CompletionStage<T> stage, Consumer<T> next) {
        then(stage, (value, failure) -> {
            if (failure != null) {
                throw new IllegalStateException("a stage that does not fail has failed", failure);
            }
            next.accept(value);
        });
    }

    /** A stage with the same outcome that completes on the loop. */
    default <T> CompletableFuture<T> here(CompletionStage<T> stage) {
        CompletableFuture<T> result = new CompletableFuture<>();
        stage.whenComplete((value, failure) -> execute(() -> {
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(failure);
            }
        }));
        return result;
    }
}
