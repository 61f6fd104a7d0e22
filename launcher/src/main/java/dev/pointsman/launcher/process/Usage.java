package dev.pointsman.launcher.process;

/**
 * What a program and all that it started use.
 *
 * @param cpuPercent of one core, since it was last asked; 0 the first time
 * @param memory resident octets; pages that several of its processes share count for each
 */
public record Usage(double cpuPercent, long memory) {}
