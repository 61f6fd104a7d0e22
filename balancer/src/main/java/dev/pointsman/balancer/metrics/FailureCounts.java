package dev.pointsman.balancer.metrics;

import dev.pointsman.balancer.resilience.FailureKind;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** Counts of failures by their kind; one thread writes them, any thread reads them. */
final class FailureCounts {
    private final Map<FailureKind, LoopCounter> counts = new EnumMap<>(FailureKind.class);

    FailureCounts() {
        for (FailureKind kind : FailureKind.values()) {
            counts.put(kind, new LoopCounter());
        }
    }

    /** Counts so many of this kind; for its one writer. */
    void add(FailureKind kind, long more) {
        LoopCounter count = counts.get(kind);
        if (count != null) {
            count.add(more);
        }
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
