package dev.pointsman.pool;

/**
 * What happened in a pool since this process made it, upstreams that are gone included; never decreases but for
 * {@code inFlight}.
 *
 * @param inFlight attempts that have begun and not ended, at this moment
 * @param picks attempts that were begun
 * @param failures attempts that ended without a whole answer by the upstream's fault, see {@link Outcome#isFailure()}
 * @param ejections how often an upstream was ejected, failed probes included
 * @param withheldEjections how often one was not, because too many others were
 * @param failOpenPicks picks of an upstream that did not look healthy, because nothing else was there
 * @param heldViews views of the registry in which upstreams were kept that it did not list, see {@code ServiceView.held}
 */
public record PoolCounts(
        int inFlight,
        long picks,
        long failures,
        long ejections,
        long withheldEjections,
        long failOpenPicks,
        long heldViews) {}
