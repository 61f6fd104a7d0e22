package dev.pointsman.canary;

/**
 * The buckets that times are counted in: 32 for each doubling, so that none is wider than a thirty-second of the times in it,
 * from a microsecond to two hours. Bounded, whatever the times are.
 */
final class TimeBuckets {
    private static final int PER_DOUBLING_BITS = 5;
    private static final int PER_DOUBLING = 1 << PER_DOUBLING_BITS;
    private static final int MOST_BITS = 33;
    private static final long MOST = (1L << MOST_BITS) - 1;
    private static final long NANOS_PER_MICRO = 1000;

    /** How many there are. */
    static final int COUNT = (MOST_BITS - PER_DOUBLING_BITS + 1) * PER_DOUBLING;

    private TimeBuckets() {}

    /** The bucket of a time. */
    static int of(long nanos) {
        long micros = Math.min(Math.max(0, nanos / NANOS_PER_MICRO), MOST);
        if (micros < PER_DOUBLING) {
            return (int) micros;
        }
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(micros);
        int within = (int) (micros >> (exponent - PER_DOUBLING_BITS)) & (PER_DOUBLING - 1);
        return (exponent - PER_DOUBLING_BITS + 1) * PER_DOUBLING + within;
    }

    /** The shortest time of a bucket, in microseconds. */
    static long shortestMicros(int bucket) {
        if (bucket < PER_DOUBLING) {
            return bucket;
        }
        long within = PER_DOUBLING + (long) (bucket % PER_DOUBLING);
        return within << (bucket / PER_DOUBLING - 1);
    }

    /** The first bucket with no time shorter than this; {@link #COUNT} if there is none. */
    static int firstFrom(double micros) {
        int bucket = 0;
        while (bucket < COUNT && shortestMicros(bucket) < micros) {
            bucket++;
        }
        return bucket;
    }

    /** How many of the counted times are of this bucket or of a later one. */
    static long from(int bucket, long[] counts) {
        long sum = 0;
        for (int i = bucket; i < counts.length; i++) {
            sum += counts[i];
        }
        return sum;
    }

    /** About the time, in microseconds, that one of a hundred exceeds; 0 if there is none. */
    static long percentile99(long[] counts) {
        long beyond = from(0, counts) / 100;
        long seen = 0;
        for (int i = counts.length - 1; i >= 0; i--) {
            seen += counts[i];
            if (seen > beyond) {
                return shortestMicros(i);
            }
        }
        return 0;
    }
}
