package dev.pointsman.balancer.metrics;

import dev.pointsman.balancer.resilience.FailureKind;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * Counts of failures by their kind; one thread writes them, any thread reads them. They take memory from the first failure on:
 * most routes and instances have none.
 */
final class FailureCounts {
    /** Empty, or with a counter for each kind. */
    private volatile Map<FailureKind, LoopCounter> counts = Map.of();

    /** Counts so many of this kind; for its one writer. */
    void add(FailureKind kind, long more) {
        if (counts.isEmpty()) {
            counts = zeros();
        }
        Objects.requireNonNull(counts.get(kind)).add(more);
    }

    private static Map<FailureKind, LoopCounter> zeros() {
        Map<FailureKind, LoopCounter> zeros = new EnumMap<>(FailureKind.class);
        for (FailureKind kind : FailureKind.values()) {
            zeros.put(kind, new LoopCounter());
        }
        return zeros;
    }

    /** Calls back with each kind that was counted, and its count. */
    void forEach(BiConsumer<FailureKind, Long> each) {
        counts.forEach((kind, count) -> {
            if (count.value() > 0) {
                each.accept(kind, count.value());
            }
        });
    }
}
