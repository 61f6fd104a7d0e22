package dev.pointsman.pick;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A source of random numbers for many threads, the same ones for the same seed: SplitMix64 (Steele, Lea, Flood, 2014) on a shared
 * counter. Not for secrets. Thread-safe, never blocks.
 */
final class SharedRandom {
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private final AtomicLong state;

    SharedRandom(long seed) {
        state = new AtomicLong(seed);
    }

    /** 64 random bits. */
    long next() {
        return Hashing.mix(state.addAndGet(GOLDEN_RATIO));
    }

    /** A number from 0 to {@code count} - 1, of the upper 32 of the bits. The bias is below {@code count} / 2³². */
    static int ofUpper(long bits, int count) {
        return (int) (((bits >>> 32) * count) >>> 32);
    }

    /** A number from 0 to {@code count} - 1, of the lower 32 of the bits. */
    static int ofLower(long bits, int count) {
        return (int) (((bits & 0xFFFFFFFFL) * count) >>> 32);
    }
}
