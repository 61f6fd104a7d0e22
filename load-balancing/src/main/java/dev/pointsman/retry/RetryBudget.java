package dev.pointsman.retry;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The budget of requests that may be sent a second time: a share of the requests of the last ten seconds, and a floor in any
 * case, however few requests there were. There is one kind for retries and one for hedges, see the factories.
 *
 * <p>Counted in ten buckets of a second (the scheme of Finagle's RetryBudget). Thread-safe; counts are exact. Each of the
 * balancer's event loops has one of its own for each pool, so that none waits for another.
 */
public final class RetryBudget {
    private static final int REQUESTS_PER_RETRY = 5;
    private static final int LEAST_RETRIES = 100;
    private static final int REQUESTS_PER_HEDGE = 10;
    private static final int LEAST_HEDGES = 10;
    private static final int BUCKETS = 10;
    private static final long BUCKET = Duration.ofSeconds(1).toNanos();

    private final int requestsPerRetry;
    private final int least;
    private final LongSupplier nanoTime;
    private final long[] requests = new long[BUCKETS];
    private final long[] retries = new long[BUCKETS];
    private long bucketStart;
    private int bucket;
    private long allRequests;
    private long allRetries;

    private RetryBudget(int requestsPerRetry, int least, LongSupplier nanoTime) {
        this.requestsPerRetry = requestsPerRetry;
        this.least = least;
        this.nanoTime = nanoTime;
        this.bucketStart = nanoTime.getAsLong();
    }

    /**
     * A budget of requests that are sent again because an attempt failed: a fifth, and {@value #LEAST_RETRIES} in any case. A
     * retry helps when one upstream fails; when all of them are failing, retries without a limit multiply the load that makes
     * them fail. The floor lets all go on that was in flight on one upstream that died, where that was no more.
     *
     * @param nanoTime nanoseconds from any origin, never back, as {@code System.nanoTime}; for any thread that uses the budget
     */
    public static RetryBudget ofRetries(LongSupplier nanoTime) {
        return new RetryBudget(REQUESTS_PER_RETRY, LEAST_RETRIES, nanoTime);
    }

    /**
     * A budget of requests that are hedged, that is, sent again before an attempt has failed: a tenth, and {@value #LEAST_HEDGES}
     * in any case. A hedge helps when one upstream is slow; when all of them are, hedges make them slower.
     *
     * @param nanoTime as above
     */
    public static RetryBudget ofHedges(LongSupplier nanoTime) {
        return new RetryBudget(REQUESTS_PER_HEDGE, LEAST_HEDGES, nanoTime);
    }

    /** Counts a request. */
    public synchronized void request() {
        turn();
        requests[bucket]++;
        allRequests++;
    }

    /** Whether a request may be sent again now. */
    public synchronized boolean hasRetry() {
        turn();
        return allRetries < Math.max(least, allRequests / requestsPerRetry);
    }

    /** Counts a request that is sent again. */
    public synchronized void retry() {
        turn();
        retries[bucket]++;
        allRetries++;
    }

    /** Counts a request that is sent again, if it may be now: both in one, so that threads together do not exceed the budget. */
    public synchronized boolean tryRetry() {
        boolean allowed = hasRetry();
        if (allowed) {
            retry();
        }
        return allowed;
    }

    private void turn() {
        long now = nanoTime.getAsLong();
        for (int turned = 0; now - bucketStart >= BUCKET && turned < BUCKETS; turned++) {
            bucket = (bucket + 1) % BUCKETS;
            allRequests -= requests[bucket];
            allRetries -= retries[bucket];
            requests[bucket] = 0;
            retries[bucket] = 0;
            bucketStart += BUCKET;
        }
        if (now - bucketStart >= BUCKET) {
            bucketStart = now;
        }
    }
}
