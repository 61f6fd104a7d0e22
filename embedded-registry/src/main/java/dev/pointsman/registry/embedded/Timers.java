package dev.pointsman.registry.embedded;

import java.time.Duration;

/** Something that runs tasks later, on the registry's context. */
@FunctionalInterface
interface Timers {
    /** Cancels what was asked for; without effect once it ran. */
    @FunctionalInterface
    interface Timer {
        void cancel();
    }

    Timer in(Duration delay, Runnable task);
}
