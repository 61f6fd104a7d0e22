package dev.pointsman.balancer.config;

/**
 * The rule which requests are recorded in traces.
 *
 * @param byParent whether the sender of a request that belongs to a trace decides, by the flag "sampled"
 * @param ratio how many of the others, from 0 to 1, by the id of the trace: balancers with the same ratio record the same traces
 */
public record TraceSampling(boolean byParent, double ratio) {
    /** OpenTelemetry's default: all, but for what the sender does not record. */
    public static final TraceSampling DEFAULT = new TraceSampling(true, 1);
}
