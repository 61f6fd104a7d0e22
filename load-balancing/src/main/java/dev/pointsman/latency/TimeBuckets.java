package dev.pointsman.latency;

/**
 * The buckets that times are counted in: 32 for each doubling, so that none is wider than a thirty-second of the times in it,
 * from a microsecond to two hours. Bounded, whatever the times are. Stateless.
 */
public final class TimeBuckets {
    private static final int PER_DOUBLING_BITS = 5;
    private static final int PER_DOUBLING = 1 << PER_DOUBLING_BITS;
    private static final int MOST_BITS = 33;
    private static final long MOST = (1L << MOST_BITS) - 1;
    private static final long NANOS_PER_MICRO = 1000;

    /** How many there are. */
    public static final int COUNT = (MOST_BITS - PER_DOUBLING_BITS + 1) * PER_DOUBLING;

    private TimeBuckets() {}

    /** The bucket of a time. */
    public static int of(long nanos) {
        long micros = Math.min(Math.max(0, nanos / NANOS_PER_MICRO), MOST);
        if (micros < PER_DOUBLING) {
            return (int) micros;
        }
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(micros);
        int within = (int) (micros >> (exponent - PER_DOUBLING_BITS)) & (PER_DOUBLING - 1);
        return (exponent - PER_DOUBLING_BITS + 1) * PER_DOUBLING + within;
    }

    /** The shortest time of a bucket, in microseconds. */
    public static long shortestMicros(int bucket) {
        if (bucket < PER_DOUBLING) {
            return bucket;
        }
        long within = PER_DOUBLING + (long) (bucket % PER_DOUBLING);
        return within << (bucket / PER_DOUBLING - 1);
    }

    /** A time in nanoseconds that all times of a bucket are below, except for the last bucket's, which has no end. */
    static long endNanos(int bucket) {
        return shortestMicros(bucket + 1) * NANOS_PER_MICRO;
    }

    /** The first bucket with no time shorter than this; {@link #COUNT} if there is none. */
    public static int firstFrom(double micros) {
        int bucket = 0;
        while (bucket < COUNT && shortestMicros(bucket) < micros) {
            bucket++;
        }
        return bucket;
    }

    /** How many of the counted times are of this bucket or of a later one. */
    public static long from(int bucket, long[] counts) {
        long sum = 0;
        for (int i = bucket; i < counts.length; i++) {
            sum += counts[i];
        }
        return sum;
    }

    /**
     * The first bucket such that so many percent of the counted times, or more, are in it or in an earlier one; 0 if there are
     * no times.
     */
    public static int percentile(int percent, long[] counts) {
        long beyond = from(0, counts) * (100 - percent) / 100;
        long seen = 0;
        for (int i = counts.length - 1; i >= 0; i--) {
            seen += counts[i];
            if (seen > beyond) {
                return i;
            }
        }
        return 0;
    }
}
