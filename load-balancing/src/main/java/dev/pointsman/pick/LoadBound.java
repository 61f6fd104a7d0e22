package dev.pointsman.pick;

import dev.pointsman.pool.Upstream;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * The bound on what one upstream may carry (bounded loads; Mirrokni, Thorup, Zadimoghaddam, 2016): a multiple of its share of
 * what is in flight. With {@code m} attempts in flight on upstreams of weight {@code W} together, the share of one of
 * weight {@code w}, the new attempt included, is {@code (m + 1) × w / W}; "carries less than ceil(c × share)" is the same
 * as "carries less than c × share", as the number carried is whole. Thread-safe.
 */
final class LoadBound {
    /**
     * The bound in quarters of the share, for policies that spread: an upstream that hangs is passed over after a
     * request or two.
     */
    private static final int SPREADING = 5;
    /**
     * The bound in quarters of the share, for policies that keep a client where it was: moving costs the client
     * something.
     */
    private static final int KEEPING = 8;
    /**
     * The load that an upstream may always carry before a client is sent elsewhere: a page fetched over six connections
     * by each of two browsers must not lose its session in a pool that is idle otherwise.
     */
    private static final int ALWAYS_KEPT = 16;

    private final IntSupplier inFlight;
    private final long weight;
    private final int quarters;
    private final int always;

    private LoadBound(IntSupplier inFlight, long weight, int quarters, int always) {
        this.inFlight = inFlight;
        this.weight = weight;
        this.quarters = quarters;
        this.always = always;
    }

    /** The bound of policies that spread requests: 1.25 times an upstream's share by weight. */
    static LoadBound spreading(List<Upstream> ready, IntSupplier inFlight) {
        return new LoadBound(inFlight, weightOf(ready), SPREADING, 0);
    }

    /**
     * The bound of policies that keep clients where they were: twice an upstream's share by weight, or 16 if that is
     * more.
     */
    static LoadBound keeping(List<Upstream> ready, IntSupplier inFlight) {
        return new LoadBound(inFlight, weightOf(ready), KEEPING, ALWAYS_KEPT);
    }

    private static long weightOf(List<Upstream> ready) {
        return ready.stream().mapToLong(Upstream::weightNow).sum();
    }

    /** The number in flight on all upstreams now; read once for a pick. */
    int total() {
        // More may have ended than begun, as far as one count is read before the other.
        return Math.max(0, inFlight.getAsInt());
    }

    /** Whether an upstream of the given weight that carries so much may take one more. */
    boolean allows(int carried, int weightNow, int total) {
        return carried < always || 4L * carried * weight < (long) quarters * (total + 1L) * weightNow;
    }

    /** Whether this upstream may take one more. */
    boolean allows(Upstream upstream) {
        return allows(upstream.inFlight(), upstream.weightNow(), total());
    }

    /**
     * Whether one of {@code count} upstreams of equal weight that carries so much may take one more, by the bound that
     * spreads.
     */
    static boolean allowsOneOf(int count, int carried, int total) {
        return 4L * carried * count < SPREADING * (total + 1L);
    }
}
