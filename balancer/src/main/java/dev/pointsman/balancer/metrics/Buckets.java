package dev.pointsman.balancer.metrics;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * The buckets that times are counted in, two kinds at once: those with the bounds that were asked for, and Prometheus's
 * exponential ones, eight of them to each doubling (schema 3), in which a quantile is off by at most 4.4 %. Immutable.
 */
public final class Buckets {
    /** Prometheus's number for eight buckets to a doubling. */
    public static final int SCHEMA = 3;

    private static final int PER_DOUBLING = 1 << SCHEMA;

    /** Below a nanosecond nothing is told apart: 2^-30 s. */
    private static final int LEAST_EXPONENT = -30;

    /** Nothing takes longer than 2^20 s, twelve days. */
    private static final int DOUBLINGS = 51;

    /** How many exponential buckets there are. */
    public static final int EXPONENTIAL = DOUBLINGS * PER_DOUBLING;

    private static final int FRACTION_BITS = 52;
    private static final long FRACTION = (1L << FRACTION_BITS) - 1;

    /** The fraction bits of 2^(i/8), the bounds within a doubling. */
    private static final long[] UPPER = new long[PER_DOUBLING];

    static {
        for (int i = 0; i < PER_DOUBLING; i++) {
            UPPER[i] = Double.doubleToRawLongBits(Math.pow(2, (double) i / PER_DOUBLING)) & FRACTION;
        }
    }

    private final long[] bounds;
    private final int[] exponentialOfPiece;

    /** Buckets with these upper bounds, ascending, and one above them. */
    public Buckets(List<Duration> bounds) {
        this.bounds = bounds.stream().mapToLong(Duration::toNanos).toArray();
        this.exponentialOfPiece = pieces(this.bounds);
    }

    private static int[] pieces(long[] bounds) {
        int[] exponential = new int[EXPONENTIAL + bounds.length];
        for (int bucket = 0; bucket <= bounds.length; bucket++) {
            int from = bucket == 0 ? 0 : exponentialOf(bounds[bucket - 1] + 1);
            int to = bucket == bounds.length ? EXPONENTIAL - 1 : exponentialOf(bounds[bucket]);
            for (int i = from; i <= to; i++) {
                exponential[i + bucket] = i;
            }
        }
        return exponential;
    }

    /** How many there are, that above the bounds included. */
    public int size() {
        return bounds.length + 1;
    }

    /** The upper bound of a bucket in seconds; infinite for the last. */
    public double upperSeconds(int bucket) {
        return bucket == bounds.length ? Double.POSITIVE_INFINITY : bounds[bucket] / 1e9;
    }

    /** The bucket of a time in nanoseconds: its bound belongs to it. */
    int of(long nanos) {
        int from = 0;
        int to = bounds.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (nanos <= bounds[middle]) {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        return from;
    }

    /** The exponential bucket of a time in nanoseconds, from 0. */
    static int exponentialOf(long nanos) {
        long bits = Double.doubleToRawLongBits(Math.max(nanos, 1) * 1e-9);
        int exponent = (int) (bits >>> FRACTION_BITS) - Double.MAX_EXPONENT;
        long fraction = bits & FRACTION;
        // The bounds are as far apart as eighths, or less by a little.
        int within = (int) (fraction >>> (FRACTION_BITS - SCHEMA));
        while (within < PER_DOUBLING && fraction > UPPER[within]) {
            within++;
        }
        int index = (exponent - LEAST_EXPONENT) * PER_DOUBLING + within;
        return Math.max(0, Math.min(index, EXPONENTIAL - 1));
    }

    /** How many pieces there are: what the bounds of both kinds of buckets together divide times into. Some may have no times. */
    int pieces() {
        return exponentialOfPiece.length;
    }

    /**
     * The piece of a time in nanoseconds, from 0. Both buckets of a longer time are the same or higher ones, so their sum says which two they are.
     */
    int pieceOf(long nanos) {
        return of(nanos) + exponentialOf(nanos);
    }

    /** The exponential bucket that a piece is in; what is left of the piece's number is the other bucket. */
    int exponentialOfPiece(int piece) {
        return exponentialOfPiece[piece];
    }

    /** The number that Prometheus has for an exponential bucket: its upper bound is 2^(n/8) s. */
    public static int exponentialIndex(int bucket) {
        return bucket + LEAST_EXPONENT * PER_DOUBLING;
    }

    /** The middle of an exponential bucket in seconds, from which what is in it is off by at most 4.4 %. */
    public static double exponentialMiddleSeconds(int bucket) {
        return Math.pow(2, (exponentialIndex(bucket) - 0.5) / PER_DOUBLING);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Buckets that && Arrays.equals(bounds, that.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }
}
