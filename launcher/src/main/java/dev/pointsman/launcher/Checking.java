package dev.pointsman.launcher;

import dev.pointsman.launcher.loop.Loop;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks one process whether it is well: quickly until it answers for the first time, then once a second. Confined to the
 * launcher's loop.
 */
final class Checking {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE_AT_START = Duration.ofMillis(250);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final ServicePlan plan;
    private final int port;
    private final Tools tools;
    private final Runnable answered;
    private final Consumer<String> failed;

    private Duration pauseAtStart = FIRST_PAUSE;
    private Loop.@Nullable Timer next;
    private boolean up;
    private boolean stopped;
    private int failures;
    private String health = "unknown";
    private String why = "";

    /**
     * @param answered is told of answers until {@link #isUp}; then nothing is asked until {@link #again} or that
     * @param failed is told, with why, when it failed as often in a row as the plan allows
     */
    Checking(ServicePlan plan, int port, Tools tools, Runnable answered, Consumer<String> failed) {
        this.plan = plan;
        this.port = port;
        this.tools = tools;
        this.answered = answered;
        this.failed = failed;
    }

    void begin() {
        schedule(pauseAtStart);
    }

    /** The answer that was told of was somebody else's, or does not count. */
    void again() {
        schedule(pauseAtStart);
    }

    void isUp() {
        up = true;
        health = "passing";
        schedule(PAUSE);
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

    /** Why the newest answer was no good; empty if it was. */
    String why() {
        return why;
    }

    private void schedule(Duration pause) {
        if (!stopped) {
            next = tools.loop().after(pause, this::ask);
        }
    }

    private void ask() {
        tools.loop().then(tools.probe().ask(tools.address(), port, plan.healthPath(), TIMEOUT), this::heard);
    }

    private void heard(Probe.Result result) {
        if (stopped) {
            return;
        }
        why = result.why();
        if (up) {
            heardWhileUp(result.well());
        } else if (result.well()) {
            answered.run();
        } else {
            Duration longer = pauseAtStart.multipliedBy(3).dividedBy(2);
            pauseAtStart = longer.compareTo(LONGEST_PAUSE_AT_START) > 0 ? LONGEST_PAUSE_AT_START : longer;
            schedule(pauseAtStart);
        }
    }

    private void heardWhileUp(boolean well) {
        health = well ? "passing" : "critical";
        failures = well ? 0 : failures + 1;
        if (failures >= plan.rules().unhealthyAfter()) {
            failed.accept(why);
        } else {
            schedule(PAUSE);
        }
    }
}
