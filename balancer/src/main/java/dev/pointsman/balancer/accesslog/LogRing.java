package dev.pointsman.balancer.accesslog;

/**
 * The lines of one event loop on their way to one file.
 *
 * @param lines the way
 * @param file where it leads
 */
record LogRing(LineRing lines, LogFile file) {}
