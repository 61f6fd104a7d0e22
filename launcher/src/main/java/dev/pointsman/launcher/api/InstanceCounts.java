package dev.pointsman.launcher.api;

/**
 * The counts of one type of instances since the launcher started.
 *
 * @param starts processes that were started
 * @param restarts instances that were started because another one had failed or used too much memory
 * @param failedStarts instances that never came up
 * @param exits processes that ended without having been asked to
 * @param stops instances that were asked to end: stopped, scaled down, replaced, or unhealthy
 * @param kills of those, or of what they had started, that needed a SIGKILL
 * @param portsLost ports that another program took between choice and use
 * @param reloads reloads that replaced every instance
 */
public record InstanceCounts(
        long starts,
        long restarts,
        long failedStarts,
        long exits,
        long stops,
        long kills,
        long portsLost,
        long reloads) {}
