package dev.pointsman.balancer.metrics;

/**
 * What one event loop has counted so far of one route's requests to one service, or of the attempts at one instance. Read when it
 * is asked, without a copy. Thread-safe.
 */
public interface MeterReading {
    /** How many are over. */
    long ended();

    /** How many of them failed, or got a status from 500 on. */
    long errors();

    /** Calls back with each exponential bucket of the times that anything fell into, and its count. */
    void times(BucketCounts each);

    /** Takes the counts of buckets. */
    @FunctionalInterface
    interface BucketCounts {
        /**
         * Takes one.
         *
         * @param bucket see {@link Buckets#exponentialIndex}
         */
        void add(int bucket, long count);
    }
}
