package dev.pointsman.pick;

import dev.pointsman.pool.PickPolicy;
import dev.pointsman.pool.Picker;
import dev.pointsman.pool.Upstream;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Power of two choices (Mitzenmacher, 2001): of two different upstreams drawn at random, the one with less in flight for
 * its weight. Nearly as even as looking at all of them, at a cost that does not grow with their number, and several
 * balancers that do it do not all run to the same one. Thread-safe.
 */
public final class TwoChoices implements PickPolicy {
    /** The most draws of two upstreams that cannot take the request before all are looked at. */
    private static final int ROUNDS = 3;

    private final SharedRandom draws;

    /**
     * A policy with draws of its own.
     *
     * @param seed the same seed gives the same draws; balancers should have different ones
     */
    public TwoChoices(long seed) {
        draws = new SharedRandom(seed);
    }

    @Override
    public Picker build(List<Upstream> ready, IntSupplier readyInFlight) {
        Upstream[] upstreams = ready.toArray(new Upstream[0]);
        return (tried, request) -> pick(upstreams, tried);
    }

    private @Nullable Upstream pick(Upstream[] upstreams, List<Upstream> tried) {
        int count = upstreams.length;
        for (int round = 0; round < ROUNDS && count > 1; round++) {
            long bits = draws.next();
            int first = SharedRandom.ofUpper(bits, count);
            // Of the others: drawing again until they differ would end by luck only.
            int second = SharedRandom.ofLower(bits, count - 1);
            Upstream picked = better(upstreams[first], upstreams[second < first ? second : second + 1], tried);
            if (picked != null) {
                return picked;
            }
        }
        return LeastLoaded.of(upstreams, tried, (int) draws.next());
    }

    private @Nullable Upstream better(Upstream one, Upstream other, List<Upstream> tried) {
        if (!one.isCandidate(tried)) {
            return other.isCandidate(tried) ? other : null;
        }
        int compared = LeastLoaded.compare(one, other);
        boolean otherIsBetter = compared == 0 ? otherWinsTie(one, other) : compared > 0;
        return otherIsBetter && other.isCandidate(tried) ? other : one;
    }

    /**
     * Whether the second of two equally loaded upstreams wins: by weight; between equal weights the order of the draws
     * decides.
     */
    private boolean otherWinsTie(Upstream one, Upstream other) {
        int weight = one.weightNow();
        int otherWeight = other.weightNow();
        return weight != otherWeight && SharedRandom.ofUpper(draws.next(), weight + otherWeight) >= weight;
    }
}
