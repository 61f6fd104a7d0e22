package dev.pointsman.balancer.health;

import dev.pointsman.balancer.route.HealthCheck;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What the results of one instance's checks come to: whether it counts as healthy, and why not. Confined to the loop.
 *
 * <p>Before the first result an instance counts as healthy, and the first result decides alone, whatever the thresholds are:
 * as in HAProxy ({@code init-state up}); nginx begins with healthy ones too. To begin with none would refuse every request
 * after a start or a change of the route, until the checks have passed.
 */
final class CheckHistory {
    private boolean known;
    private boolean healthy = true;
    private String reason = "";
    private String lastFailure = "";
    private boolean allTheSame;
    private int failed;
    private int passed;

    CheckHistory() {}

    /** What is known of an instance by another rule that asks for the same. */
    CheckHistory(CheckHistory other) {
        known = other.known;
        healthy = other.healthy;
        reason = other.reason;
        lastFailure = other.lastFailure;
        allTheSame = other.allTheSame;
        failed = other.failed;
        passed = other.passed;
    }

    boolean healthy() {
        return healthy;
    }

    /** Why it does not count as healthy, in one line; empty if it does. */
    String reason() {
        return reason;
    }

    /** Takes a result over; true if {@link #healthy} or {@link #reason} is another now. */
    boolean note(CheckResult result, HealthCheck rule, Instant now) {
        boolean first = !known;
        known = true;
        return result.passed() ? notePassed(rule) : noteFailed(result.what(), rule, first, now);
    }

    private boolean notePassed(HealthCheck rule) {
        failed = 0;
        passed++;
        if (healthy || passed < rule.healthyAfter()) {
            return false;
        }
        healthy = true;
        reason = "";
        return true;
    }

    private boolean noteFailed(String what, HealthCheck rule, boolean first, Instant now) {
        boolean changed = !what.equals(lastFailure);
        allTheSame = failed == 0 || (allTheSame && !changed);
        lastFailure = what;
        passed = 0;
        failed++;
        // While it stays critical for the same cause, a count and a time that change would be news to nobody.
        if (healthy ? !first && failed < rule.unhealthyAfter() : !changed) {
            return false;
        }
        healthy = false;
        reason = reason(rule, now.truncatedTo(ChronoUnit.SECONDS));
        return true;
    }

    private String reason(HealthCheck rule, Instant now) {
        String check = rule.isTcp() ? "tcp: " : "GET " + rule.path() + " ";
        if (failed == 1) {
            return check + lastFailure + " at " + now;
        }
        String times = failed == 2 ? "twice" : failed + " times";
        return check
                + (allTheSame
                        ? lastFailure + " " + times + ", last at " + now
                        : "failed " + times + ", last at " + now + ": " + lastFailure);
    }
}
