package dev.pointsman.balancer;

import dev.pointsman.balancer.history.PinnedTable;
import dev.pointsman.pool.Pool;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.List;
import java.util.function.IntFunction;

/**
 * What the control plane has to do with other processes of this balancer: what it was left by the one before, and what it leaves to the one
 * after. Everything happens on the control plane's loop. Thread-safe.
 */
final class Handover {
    private final Legacy inherited;
    private final ControlLoop loop;
    private final Pools pools;
    private final RoutingControl routing;
    private final IntFunction<Future<Legacy>> own;

    /**
     * The handover of a control plane.
     *
     * @param own what this process knows, by how many clients it admits; called on the loop
     */
    Handover(Legacy inherited, ControlLoop loop, Pools pools, RoutingControl routing, IntFunction<Future<Legacy>> own) {
        this.inherited = inherited;
        this.loop = loop;
        this.pools = pools;
        this.routing = routing;
        this.own = own;
    }

    /** The legacy of the process before. */
    Legacy inherited() {
        return inherited;
    }

    /**
     * What only this process knows, for the one that takes its place; fails with a sentence where that is too much.
     *
     * @param clients how many connections of clients it admits
     */
    Future<JsonObject> legacy(int clients) {
        return loop.begin(() -> {
            PinnedTable pinned = routing.state().pinned();
            if (pinned != null) {
                return Future.failedFuture(new StartException("table " + pinned.version() + " is pinned by a rollback,"
                        + " which another process would not know of (expected: pointsman rollback --release before)"));
            }
            return own.apply(clients).map(Legacy::toJson);
        });
    }

    /** The targets of pools that have instances. */
    static JsonArray served(Collection<Pool> pools) {
        JsonArray served = new JsonArray();
        pools.stream()
                .filter(pool -> !pool.snapshot().upstreams().isEmpty())
                .map(Pool::target)
                .forEach(served::add);
        return served;
    }

    /** The targets of which the process before knows instances, and this one none. */
    Future<List<String>> lacking() {
        return loop.call(() -> pools.all().stream()
                .filter(pool -> pool.snapshot().upstreams().isEmpty()
                        && inherited.served().contains(pool.target()))
                .map(Pool::target)
                .toList());
    }
}
