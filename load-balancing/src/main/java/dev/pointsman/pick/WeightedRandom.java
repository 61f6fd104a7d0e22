package dev.pointsman.pick;

import dev.pointsman.pool.PickPolicy;
import dev.pointsman.pool.Picker;
import dev.pointsman.pool.Upstream;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Weighted random choice: at random, in proportion to the weights. It does not go by load, so that many balancers
 * together spread as evenly as one; and it goes by nothing else, so that a slow upstream gets as much as a fast one.
 * Thread-safe.
 */
public final class WeightedRandom implements PickPolicy {
    /** The most draws of an upstream that cannot take the request before all are looked at. */
    private static final int ROUNDS = 8;

    private final SharedRandom draws;

    /**
     * A policy with draws of its own.
     *
     * @param seed the same seed gives the same draws
     */
    public WeightedRandom(long seed) {
        draws = new SharedRandom(seed);
    }

    @Override
    public Picker build(List<Upstream> ready, IntSupplier readyInFlight) {
        Upstream[] upstreams = ready.toArray(new Upstream[0]);
        AliasTable table =
                new AliasTable(ready.stream().mapToInt(Upstream::weightNow).toArray());
        return (tried, request) -> pick(upstreams, table, tried);
    }

    private @Nullable Upstream pick(Upstream[] upstreams, AliasTable table, List<Upstream> tried) {
        if (upstreams.length == 0) {
            return null;
        }
        for (int round = 0; round < ROUNDS; round++) {
            Upstream drawn = upstreams[table.draw(draws.next())];
            if (drawn.isCandidate(tried)) {
                return drawn;
            }
        }
        return LeastLoaded.of(upstreams, tried, (int) draws.next());
    }
}
