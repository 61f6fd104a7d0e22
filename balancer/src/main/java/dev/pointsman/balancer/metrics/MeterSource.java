package dev.pointsman.balancer.metrics;

/** Meters that somebody can look at. Thread-safe. */
@FunctionalInterface
public interface MeterSource {
    /** Shows all meters, one after the other and in no order; those of several loops may be of the same name. */
    void visit(MeterVisitor visitor);
}
