package dev.pointsman.launcher.plan;

import java.time.Duration;

/**
 * The times and limits for the instances of one type.
 *
 * @param startTimeout how long an instance may take until it is up; then its start has failed. Default: 30 s
 * @param stopTimeout between SIGTERM and SIGKILL. Default: 10 s
 * @param maxRestarts how many ends in a row, each before it was up for 30 s, until an instance is given up; -1 for never. Default: 10
 * @param maxMemory resident bytes above which an instance is replaced; 0 for no limit. Default: 0
 * @param unhealthyAfter how many health checks in a row, one a second, may fail until an instance is replaced. Default: 5
 * @param drainTimeout how long the balancers may take to have nothing in flight on an instance that leaves. Default: 30 s
 * @param drainPause how long an instance that leaves goes on serving at the least: callers without a balancer cannot be
 *     asked what they have in flight. Default: 1 s
 * @param batch how many instances are replaced at a time. Default: 1
 */
public record InstanceOptions(
        Duration startTimeout,
        Duration stopTimeout,
        int maxRestarts,
        long maxMemory,
        int unhealthyAfter,
        Duration drainTimeout,
        Duration drainPause,
        int batch) {
    /** The default times and limits. */
    public static final InstanceOptions DEFAULT = new InstanceOptions(
            Duration.ofSeconds(30), Duration.ofSeconds(10), 10, 0, 5, Duration.ofSeconds(30), Duration.ofSeconds(1), 1);
}
