package dev.pointsman.balancer.traffic;

/**
 * The connections of TCP routes over some seconds. Immutable.
 *
 * @param open those that are open now
 * @param rate new ones per second; NaN where that is not known yet
 * @param received bytes from clients per second; NaN where that is not known yet
 * @param sent bytes to clients per second; NaN where that is not known yet
 */
public record ConnectionTraffic(long open, double rate, double received, double sent) {}
