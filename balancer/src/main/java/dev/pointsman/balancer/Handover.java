package dev.pointsman.balancer;

import dev.pointsman.balancer.history.PinnedTable;
import dev.pointsman.pool.Pool;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What the control plane has to do with other processes of this balancer: what it was left by the one before, and what it leaves to the one
 * after. Everything happens on the control plane's loop. Thread-safe.
 */
final class Handover {
    private final Legacy inherited;
    private final ControlLoop loop;
    private final RegistryConnection connection;
    private final Pools pools;
    private final DrainedInstances drained;
    private final RememberedCanaries remembered;
    private final RoutingControl routing;
    private final AdminRouting adminRouting;

    Handover(
            Legacy inherited,
            ControlLoop loop,
            RegistryConnection connection,
            Pools pools,
            DrainedInstances drained,
            RememberedCanaries remembered,
            RoutingControl routing,
            AdminRouting adminRouting) {
        this.inherited = inherited;
        this.loop = loop;
        this.connection = connection;
        this.pools = pools;
        this.drained = drained;
        this.remembered = remembered;
        this.routing = routing;
        this.adminRouting = adminRouting;
    }

    /** The legacy of the process before. */
    Legacy inherited() {
        return inherited;
    }

    /** What only this process knows, for the one that takes its place; fails with a sentence where that is too much. */
    Future<JsonObject> legacy() {
        return loop.begin(() -> {
            PinnedTable pinned = routing.state().pinned();
            if (pinned != null) {
                return Future.failedFuture(new StartException("table " + pinned.version() + " is pinned by a rollback,"
                        + " which another process would not know of (expected: pointsman rollback --release before)"));
            }
            return Future.succeededFuture(new Legacy(
                            connection.known(), served(), drained.legacy(), remembered.legacy(), adminRouting.legacy())
                    .toJson());
        });
    }

    private JsonArray served() {
        JsonArray served = new JsonArray();
        pools.all().stream()
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
