package dev.pointsman.pick;

import dev.pointsman.pool.PickPolicy;
import dev.pointsman.pool.Picker;
import dev.pointsman.pool.Upstream;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Round robin, bounded by load, in proportion to weights where they differ: {@link RoundRobin} while all upstreams of a
 * snapshot weigh the same, which costs least and is the usual case, else {@link WeightedRoundRobin}. Thread-safe.
 */
public final class RoundRobinByWeight implements PickPolicy {
    private final RoundRobin even = new RoundRobin();
    private final WeightedRoundRobin uneven = new WeightedRoundRobin();

    @Override
    public Picker build(List<Upstream> ready, IntSupplier readyInFlight) {
        long weights = ready.stream().mapToInt(Upstream::weight).distinct().count();
        return weights > 1 ? uneven.build(ready, readyInFlight) : even.build(ready, readyInFlight);
    }
}
