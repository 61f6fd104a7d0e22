package dev.pointsman.registry.embedded;

import java.time.Duration;

/** A scheduler of tasks that run later, on the registry's context. */
@FunctionalInterface
interface Timers {
    /** A task that was asked for; cancelling it is without effect once it ran. */
    @FunctionalInterface
    interface PendingTask {
        void cancel();
    }

    PendingTask in(Duration delay, Runnable task);
}
