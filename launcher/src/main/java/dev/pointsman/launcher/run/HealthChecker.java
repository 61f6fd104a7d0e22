package dev.pointsman.launcher.run;

import dev.pointsman.launcher.loop.Loop;
import dev.pointsman.launcher.plan.ServicePlan;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The health checks of one process: at short intervals until it responds for the first time, then once a second. Confined to
 * the launcher's loop.
 */
final class HealthChecker {
    private static final Duration FIRST_INTERVAL = Duration.ofMillis(20);
    private static final Duration LONGEST_INTERVAL_AT_START = Duration.ofMillis(250);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final ServicePlan plan;
    private final int port;
    private final LauncherContext context;
    private final Runnable responded;
    private final Consumer<String> unhealthy;

    private Duration intervalAtStart = FIRST_INTERVAL;
    private Loop.@Nullable LoopTimer next;
    private boolean up;
    private boolean stopped;
    private int failures;
    private String health = "unknown";
    private String why = "";

    /**
     * A checker that checks nothing before {@link #begin()}.
     *
     * @param responded run when a check succeeds before {@link #isUp}; no other check follows until that or {@link #again}
     * @param unhealthy takes the reason when as many checks in a row have failed as the plan allows
     */
    HealthChecker(ServicePlan plan, int port, LauncherContext context, Runnable responded, Consumer<String> unhealthy) {
        this.plan = plan;
        this.port = port;
        this.context = context;
        this.responded = responded;
        this.unhealthy = unhealthy;
    }

    void begin() {
        schedule(intervalAtStart);
    }

    /** Resumes as before the reported response, which came from another process. */
    void again() {
        schedule(intervalAtStart);
    }

    /** Notes that the instance is up: from now on it is checked once a second. */
    void isUp() {
        up = true;
        health = "passing";
        schedule(INTERVAL);
    }

    void stop() {
        stopped = true;
        if (next != null) {
            next.cancel();
        }
    }

    /** {@code passing}, {@code critical} or {@code unknown}. */
    String health() {
        return health;
    }

    /** Why the last check failed; empty if it did not. */
    String why() {
        return why;
    }

    private void schedule(Duration interval) {
        if (!stopped) {
            next = context.loop().after(interval, this::check);
        }
    }

    private void check() {
        context.loop().then(context.probe().check(context.address(), port, plan.healthPath(), TIMEOUT), this::checked);
    }

    private void checked(HealthProbe.HealthResult result) {
        if (stopped) {
            return;
        }
        why = result.why();
        if (up) {
            checkedWhileUp(result.healthy());
        } else if (result.healthy()) {
            responded.run();
        } else {
            Duration longer = intervalAtStart.multipliedBy(3).dividedBy(2);
            intervalAtStart = longer.compareTo(LONGEST_INTERVAL_AT_START) > 0 ? LONGEST_INTERVAL_AT_START : longer;
            schedule(intervalAtStart);
        }
    }

    private void checkedWhileUp(boolean healthy) {
        health = healthy ? "passing" : "critical";
        failures = healthy ? 0 : failures + 1;
        if (failures >= plan.options().unhealthyAfter()) {
            unhealthy.accept(why);
        } else {
            schedule(INTERVAL);
        }
    }
}
