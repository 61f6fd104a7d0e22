package dev.pointsman.balancer.metrics;

import dev.pointsman.pool.Upstream;

/** A visitor of all meters, for who looks often and at what has changed alone. */
public interface MeterVisitor {
    /**
     * Shows what one loop has counted of a route's requests to a service.
     *
     * @param route empty for what no route took
     * @param service empty for what went to none
     */
    void route(String route, String service, MeterReading reading);

    /** Shows what one loop has counted of the attempts at an instance, for one of its pools. */
    void instance(Upstream upstream, MeterReading reading);
}
