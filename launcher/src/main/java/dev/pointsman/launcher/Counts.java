package dev.pointsman.launcher;

/**
 * What happened to the instances of one type since the launcher began.
 *
 * @param starts processes that were started
 * @param restarts places that were filled again because their instance ended or was given up unasked
 * @param failedStarts instances that never were well
 * @param exits processes that ended unasked
 * @param stops instances that were asked to end: stopped, scaled down, replaced, or hung
 * @param kills those of them, or of what they had started, that needed a SIGKILL
 * @param portsLost ports that somebody else took between choice and use
 * @param reloads reloads that replaced every instance
 */
public record Counts(
        long starts,
        long restarts,
        long failedStarts,
        long exits,
        long stops,
        long kills,
        long portsLost,
        long reloads) {}
