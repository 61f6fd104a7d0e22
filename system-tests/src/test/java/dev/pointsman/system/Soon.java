package dev.pointsman.system;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ThrowingRunnable;

/** Waiting for what must become true. The bounds are for a machine that has a lot else to do. */
final class Soon {
    /** For everything that takes a moment: a start, a registration, a response. */
    static final Duration BOUND = Duration.ofSeconds(60);

    private Soon() {}

    /** Waits until it is so; fails with {@code what} when it is not within {@link #BOUND}. */
    static void isTrue(String what, Callable<Boolean> condition) {
        waiting(what).until(condition);
    }

    /** Waits until the assertion holds; fails with its own words when it does not within {@link #BOUND}. */
    static void holds(String what, ThrowingRunnable assertion) {
        waiting(what).untilAsserted(assertion);
    }

    private static ConditionFactory waiting(String what) {
        return await(what).atMost(BOUND).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20));
    }
}
