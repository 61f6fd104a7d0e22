package dev.pointsman.balancer.exposition;

/** A source of metrics. Thread-safe: asked on a thread that may block, at each scrape. */
@FunctionalInterface
interface MetricSource {
    /** Adds what there is at this moment. */
    void addTo(Families families);
}
