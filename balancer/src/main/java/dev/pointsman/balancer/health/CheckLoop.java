package dev.pointsman.balancer.health;

import java.time.Duration;

/** The one thread on which everything about checks happens, with its clock and its timers. */
interface CheckLoop {
    /** Runs the task there, after those that came before; from any thread. */
    void run(Runnable task);

    /** Runs the task there after a time; to be called there. */
    CheckTimer after(Duration time, Runnable task);

    /** A clock to measure with, in nanoseconds. */
    long nanos();

    /** A task that is to run later. */
    @FunctionalInterface
    interface CheckTimer {
        /** Has it never run, unless it has already. */
        void cancel();
    }
}
