package dev.pointsman.pool;

import java.util.List;
import java.util.function.IntSupplier;

/**
 * A way to choose among the upstreams of a pool: builds the picker of each new snapshot. What has to outlive a snapshot (a cursor, say) lives in the
 * policy, so each pool has a policy of its own. Called by the pool's writer only; work that can be done here is not done
 * in each pick.
 */
@FunctionalInterface
public interface PickPolicy {
    /**
     * Builds the picker of one snapshot.
     *
     * @param ready the upstreams that may be picked, in a stable order
     * @param readyInFlight how many attempts are in flight on them all together, at the moment of the call
     */
    Picker build(List<Upstream> ready, IntSupplier readyInFlight);
}
