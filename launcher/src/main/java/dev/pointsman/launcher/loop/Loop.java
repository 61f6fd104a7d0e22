package dev.pointsman.launcher.loop;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one at a time and in order, so that what belongs to it needs no locks. Tasks must not block. Thread-safe. What is
 * given to it after its end is dropped.
 */
public interface Loop extends Executor {
    /** Runs a task after a while. */
    Timer after(Duration delay, Runnable task);

    /** A clock's reading in nanoseconds, as {@link System#nanoTime()} gives it: for differences only. */
    long nanos();

    /** Whether the caller is a task of this loop. */
    boolean isInside();

    /** A task that may still be taken back. */
    interface Timer {
        /** Takes it back, if it has not begun. Idempotent. */
        void cancel();
    }

    /** Completes after a while, on the loop. */
    default CompletionStage<Void> pause(Duration delay) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        after(delay, () -> over.complete(null));
        return over;
    }

    /** What is to happen on the loop with a stage's outcome: the value, or the failure and null. */
    default <T> void then(CompletionStage<T> stage, BiConsumer<T, @Nullable Throwable> next) {
        stage.whenComplete((value, failure) -> execute(() -> next.accept(value, failure)));
    }

    /** What is to happen on the loop with the value of a stage that does not fail. */
    default <T> void then(CompletionStage<T> stage, Consumer<T> next) {
        then(stage, (value, failure) -> {
            if (failure != null) {
                throw new IllegalStateException("this was not to fail", failure);
            }
            next.accept(value);
        });
    }

    /** The stage's outcome, told on the loop. */
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
