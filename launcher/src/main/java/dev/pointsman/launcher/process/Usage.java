package dev.pointsman.launcher.process;

/**
 * The processor time and memory that a program and all that it started use.
 *
 * @param cpuPercent of one core, since the last measurement; 0 at the first
 * @param memory resident bytes; pages that several of its processes share count for each
 */
public record Usage(double cpuPercent, long memory) {}
