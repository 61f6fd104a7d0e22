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
 * where it does not: a target is given up when the registry still fails for it after {@link #FAILING}, and all that are left
 * are given up when none of them had its first view for {@link #SILENT}. What was given up is followed all the same, and its
 * requests are refused with 503 until the registry responds.
 */
final class FirstViews {
    private static final Logger log = LoggerFactory.getLogger(FirstViews.class);
    /** How long a registry may go on failing. */
    static final Duration FAILING = Duration.ofSeconds(3);

    /** How long a registry may be silent: a busy machine takes seconds for a response, and before one nothing can be served. */
    static final Duration SILENT = Duration.ofSeconds(10);

    private static final Duration LOOKED_AT_EVERY = Duration.ofMillis(50);
    private static final Duration LONGEST_BETWEEN_LOOKS = LOOKED_AT_EVERY.multipliedBy(2);
    private static final int NAMED_IN_LOG = 5;

    private final List<Watch> watches;
    private final String registry;
    private final LongSupplier nanoTime;
    private final AtomicInteger missing;
    private final long begun;

    private int missingBefore;
    private long lookedAt;
    private long silent;

    /**
     * Begins the wait.
     *
     * @param registry how the registry is called in the log
     * @param nanoTime measures the wait
     */
    FirstViews(List<Watch> watches, String registry, LongSupplier nanoTime) {
        this.watches = watches;
        this.registry = registry;
        this.nanoTime = nanoTime;
        this.missing = new AtomicInteger(watches.size());
        this.missingBefore = watches.size();
        this.begun = nanoTime.getAsLong();
        this.lookedAt = begun;
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
        // The time in which this process was too busy to look says nothing about the registry.
        silent += Math.min(now - lookedAt, LONGEST_BETWEEN_LOOKS.toNanos());
        lookedAt = now;
        if (stillMissing != missingBefore) {
            missingBefore = stillMissing;
            silent = 0;
        }
        if (silent >= SILENT.toNanos()) {
            return true;
        }
        return now - begun >= FAILING.toNanos()
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
                    "the registry at {} has not responded for {} of {} targets ({}{}); serving all the same",
                    registry,
                    left.size(),
                    watches.size(),
                    left.stream().limit(NAMED_IN_LOG).map(Watch::target).collect(Collectors.joining(", ")),
                    left.size() > NAMED_IN_LOG ? ", ..." : "");
        }
    }
}
