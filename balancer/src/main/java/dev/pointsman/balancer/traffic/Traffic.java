package dev.pointsman.balancer.traffic;

/**
 * The traffic of something over some seconds. Immutable.
 *
 * @param rate requests per second, or attempts at an instance; NaN where that is not known
 * @param errors those of them per second that failed, or got a status from 500 on; NaN where that is not known
 * @param p50Millis the time that half of them took at most, in milliseconds; NaN where there was none. Of an instance, from the
 *     connection's being there to the head of the response
 * @param p99Millis the time that 99 of 100 took at most
 */
public record Traffic(double rate, double errors, double p50Millis, double p99Millis) {
    /** Before there is anything to compare with, or where nothing is counted. */
    public static final Traffic UNKNOWN = new Traffic(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    /** Nothing at all. */
    public static final Traffic NONE = new Traffic(0, 0, Double.NaN, Double.NaN);
}
