package dev.pointsman.retry;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The budget of requests that may be sent a second time: a fifth of the requests of the last ten seconds, and {@value
 * #LEAST} in any case. A retry helps when one upstream fails; when all of them are failing, retries without a limit
 * multiply the load that makes them fail. The floor is high enough for all that was in flight on one upstream that
 * died.
 *
 * <p>Counted in ten buckets of a second (the scheme of Finagle's RetryBudget). Thread-safe; each of the balancer's
 * event loops has one of its own for each pool, so that none waits for another.
 */
public final class RetryBudget {
    /** The retries in ten seconds that are allowed however few requests there were. */
    static final int LEAST = 100;

    private static final int REQUESTS_PER_RETRY = 5;
    private static final int BUCKETS = 10;
    private static final long BUCKET = Duration.ofSeconds(1).toNanos();

    private final LongSupplier nanoTime;
    private final long[] requests = new long[BUCKETS];
    private final long[] retries = new long[BUCKETS];
    private long bucketStart;
    private int bucket;
    private long allRequests;
    private long allRetries;

    /** A budget before the first request. */
    public RetryBudget(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.bucketStart = nanoTime.getAsLong();
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
        return allRetries < Math.max(LEAST, allRequests / REQUESTS_PER_RETRY);
    }

    /** Counts a request that is sent again. */
    public synchronized void retry() {
        turn();
        retries[bucket]++;
        allRetries++;
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
