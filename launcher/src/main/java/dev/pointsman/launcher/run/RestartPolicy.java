package dev.pointsman.launcher.run;

import dev.pointsman.launcher.plan.RestartRules;
import java.time.Duration;

/**
 * The rule for restarting an instance that failed: the first time at once, then after 100 ms, doubling to 30 s, and never sooner
 * than the plan's delay. An instance that was up for the plan's least uptime begins anew. Pure: no clock. Confined to one thread.
 */
final class RestartPolicy {
    static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final int most;
    private final RestartRules rules;
    private int failures;

    /** @param most failures in a row that are followed by a restart; -1 for any number */
    RestartPolicy(int most, RestartRules rules) {
        this.most = most;
        this.rules = rules;
    }

    /**
     * A decision on whether and when to restart.
     *
     * @param givesUp whether the instance is not restarted
     * @param pause before the restart; zero for at once
     */
    record Decision(boolean givesUp, Duration pause) {}

    /** @param upFor how long the instance that failed was up; zero if it never was */
    Decision failed(Duration upFor) {
        if (upFor.compareTo(rules.minUptime()) >= 0) {
            failures = 0;
        }
        failures++;
        if (most >= 0 && failures > most) {
            return new Decision(true, Duration.ZERO);
        }
        Duration pause = pause();
        return new Decision(false, pause.compareTo(rules.delay()) < 0 ? rules.delay() : pause);
    }

    /** The number of failures in a row. */
    int failures() {
        return failures;
    }

    /** Forgets the failures, because a user has asked for another start. */
    void reset() {
        failures = 0;
    }

    private Duration pause() {
        if (failures == 1) {
            return Duration.ZERO;
        }
        // 9 doublings of 100 ms are beyond the longest pause already.
        Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(failures - 2, 9));
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }
}
