package dev.pointsman.pick;

import dev.pointsman.pool.Upstream;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Bounded loads (Mirrokni, Thorup, Zadimoghaddam, 2016): an upstream may carry so many times its share of what is in
 * flight, and no more. With {@code m} attempts in flight on upstreams of weight {@code W} together, the share of one of
 * weight {@code w}, the new attempt included, is {@code (m + 1) × w / W}; "carries less than ceil(c × share)" is the same
 * as "carries less than c × share", as the number carried is whole. Thread-safe.
 */
final class Bound {
    /** For those who spread: one that hangs is passed over after a request or two. */
    private static final int SPREADING = 5;
    /** For those who keep a client where it was: twice its share, as moving costs the client something. */
    private static final int KEEPING = 8;
    /**
     * What one may always carry before a client is sent elsewhere: a page fetched over six connections by each of two
     * browsers must not lose its session in a pool that is idle otherwise.
     */
    private static final int ALWAYS_KEPT = 16;

    private final IntSupplier inFlight;
    private final long weight;
    private final int quarters;
    private final int always;

    private Bound(IntSupplier inFlight, long weight, int quarters, int always) {
        this.inFlight = inFlight;
        this.weight = weight;
        this.quarters = quarters;
        this.always = always;
    }

    /** 1.25 times its share by weight, for policies that spread requests. */
    static Bound spreading(List<Upstream> ready, IntSupplier inFlight) {
        return new Bound(inFlight, weightOf(ready), SPREADING, 0);
    }

    /** Twice its share by weight, or 16 if that is more, for policies that keep clients where they were. */
    static Bound keeping(List<Upstream> ready, IntSupplier inFlight) {
        return new Bound(inFlight, weightOf(ready), KEEPING, ALWAYS_KEPT);
    }

    private static long weightOf(List<Upstream> ready) {
        return ready.stream().mapToLong(Upstream::weightNow).sum();
    }

    /** What is in flight on all of them now; read once for a pick. */
    int total() {
        // More may have ended than begun, as far as one count is read before the other.
        return Math.max(0, inFlight.getAsInt());
    }

    /** Whether one of the given weight that carries so much may take one more. */
    boolean allows(int carried, int weightNow, int total) {
        return carried < always || 4L * carried * weight < (long) quarters * (total + 1L) * weightNow;
    }

    /** Whether this one may take one more. */
    boolean allows(Upstream upstream) {
        return allows(upstream.inFlight(), upstream.weightNow(), total());
    }

    /** The share of one of equal ones. */
    static boolean allowsOneOf(int count, int carried, int total) {
        return 4L * carried * count < SPREADING * (total + 1L);
    }
}
