package dev.pointsman.pool;

/**
 * The counts of a pool since this process made it, upstreams that are gone included. None ever decreases but
 * {@code inFlight}.
 *
 * @param inFlight attempts that have begun and not ended, at this moment
 * @param picks attempts that were begun
 * @param failures attempts that ended without a complete response by the upstream's fault, see {@link Outcome#isFailure()}
 * @param ejections how often an upstream was ejected, failed probes included
 * @param suppressedEjections ejections that did not take place because too many other upstreams were ejected
 * @param failOpenPicks picks of an upstream that did not look healthy, as no other was left
 * @param retainedViews views of the registry in which upstreams were retained that it did not list, see {@code ServiceView.retained}
 */
public record PoolStatistics(
        int inFlight,
        long picks,
        long failures,
        long ejections,
        long suppressedEjections,
        long failOpenPicks,
        long retainedViews) {}
