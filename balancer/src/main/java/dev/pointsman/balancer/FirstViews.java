package dev.pointsman.balancer;

import dev.pointsman.registry.Watch;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The wait of a start for the first view of every target. It is as long as it takes while the registry responds, and bounded
 * where it does not: a target is given up when the registry has failed for it by itself and the patience is over, and all
 * that are left are given up when none of them had its first view for as long as the patience. What was given up is
 * followed all the same, and its requests are refused with 503 until the registry responds.
 */
final class FirstViews {
    private static final Logger log = LoggerFactory.getLogger(FirstViews.class);
    private static final Duration LOOKED_AT_EVERY = Duration.ofMillis(50);
    private static final int NAMED_IN_LOG = 5;

    private final List<Watch> watches;
    private final Duration patience;
    private final String registry;
    private final LongSupplier nanoTime;
    private final AtomicInteger missing;
    private final long begun;

    private int missingBefore;
    private long progressAt;

    /**
     * Begins the wait.
     *
     * @param patience how long the registry may be silent, and how long it may fail
     * @param registry how the registry is called in the log
     * @param nanoTime measures the patience
     */
    FirstViews(List<Watch> watches, Duration patience, String registry, LongSupplier nanoTime) {
        this.watches = watches;
        this.patience = patience;
        this.registry = registry;
        this.nanoTime = nanoTime;
        this.missing = new AtomicInteger(watches.size());
        this.missingBefore = watches.size();
        this.begun = nanoTime.getAsLong();
        this.progressAt = begun;
        watches.forEach(watch -> watch.firstView().thenRun(missing::decrementAndGet));
    }

    /** The number of targets without a first view. Any thread. */
    int missing() {
        return missing.get();
    }

    /** Looks again and again until the wait is over. */
    Future<Void> await(Vertx vertx) {
        Promise<Void> over = Promise.promise();
        vertx.setPeriodic(0, LOOKED_AT_EVERY.toMillis(), timer -> {
            if (isOver()) {
                vertx.cancelTimer(timer);
                sayWhatIsMissing();
                over.tryComplete();
            }
        });
        return over.future();
    }

    /** Whether every target has its first view or is given up. Not thread-safe. */
    boolean isOver() {
        int stillMissing = missing();
        if (stillMissing == 0) {
            return true;
        }
        long now = nanoTime.getAsLong();
        if (stillMissing != missingBefore) {
            missingBefore = stillMissing;
            progressAt = now;
        }
        if (now - progressAt >= patience.toNanos()) {
            return true;
        }
        return now - begun >= patience.toNanos()
                && withoutView().stream().allMatch(watch -> watch.status().failures() > 0);
    }

    private List<Watch> withoutView() {
        return watches.stream()
                .filter(watch -> !watch.firstView().toCompletableFuture().isDone())
                .toList();
    }

    private void sayWhatIsMissing() {
        List<Watch> left = withoutView();
        if (!left.isEmpty()) {
            log.warn(
                    "the registry at {} has not responded for {} of {} targets ({}{}) within {} s; serving all the same",
                    registry,
                    left.size(),
                    watches.size(),
                    left.stream().limit(NAMED_IN_LOG).map(Watch::target).collect(Collectors.joining(", ")),
                    left.size() > NAMED_IN_LOG ? ", ..." : "",
                    patience.toSeconds());
        }
    }
}
