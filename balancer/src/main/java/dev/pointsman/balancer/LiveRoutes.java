package dev.pointsman.balancer;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.proxy.RoutingSnapshot;
import dev.pointsman.balancer.route.RouteTable;
import dev.pointsman.registry.Watch;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The routes in force, and how others come into force: the pools that they need are made first and have their first view of
 * the registry (for which the wait is bounded), so that a request never meets a pool that is only empty because it is new.
 * Then every event loop gets the new table; what the old one alone needed is let go. One table at a time: of those that come
 * meanwhile the newest is next.
 *
 * <p>Lives on the control plane's context, but for {@link #current()}.
 */
final class LiveRoutes {
    private final Pools pools;
    private final Function<List<Watch>, Future<Void>> firstViews;
    private final BiFunction<BalancerConfig, RoutingSnapshot, Future<Void>> publish;

    private volatile @Nullable RoutingSnapshot current;
    private @Nullable WaitingTable next;
    private boolean busy;

    /** A table that is to come into force, and who waits for it. */
    private record WaitingTable(BalancerConfig config, RouteTable table, List<Promise<RoutingSnapshot>> waiting) {}

    /**
     * No routes yet.
     *
     * @param firstViews waits until targets were looked up, or given up
     * @param publish hands a table to every event loop; completes on the control plane's context
     */
    LiveRoutes(
            Pools pools,
            Function<List<Watch>, Future<Void>> firstViews,
            BiFunction<BalancerConfig, RoutingSnapshot, Future<Void>> publish) {
        this.pools = pools;
        this.firstViews = firstViews;
        this.publish = publish;
    }

    /**
     * Makes the pools of the first table, before there is any event loop to serve.
     *
     * @return the watches of the targets, to be waited for
     */
    List<Watch> begin(RouteTable table) {
        Pools.Bound bound = pools.bind(table);
        current = bound.snapshot();
        return bound.fresh();
    }

    /** The table in force. Any thread. */
    RoutingSnapshot current() {
        RoutingSnapshot known = current;
        if (known == null) {
            throw new IllegalStateException("no routes yet");
        }
        return known;
    }

    /** Puts another configuration and table in force; completes with the table that is in force then: this one, or a later one. */
    Future<RoutingSnapshot> replace(BalancerConfig config, RouteTable table) {
        Promise<RoutingSnapshot> done = Promise.promise();
        WaitingTable waitingOne = next;
        List<Promise<RoutingSnapshot>> waiting = waitingOne == null ? new ArrayList<>() : waitingOne.waiting();
        waiting.add(done);
        next = new WaitingTable(config, table, waiting);
        if (!busy) {
            turn();
        }
        return done.future();
    }

    private void turn() {
        WaitingTable change = next;
        next = null;
        busy = change != null;
        if (change == null) {
            return;
        }
        Pools.Bound bound = pools.bind(change.table());
        Future<Void> viewed = bound.fresh().isEmpty() ? Future.succeededFuture() : firstViews.apply(bound.fresh());
        viewed.compose(seen -> {
                    current = bound.snapshot();
                    return publish.apply(change.config(), bound.snapshot());
                })
                .onComplete(published -> {
                    pools.retain(bound.snapshot());
                    change.waiting().forEach(each -> {
                        if (published.succeeded()) {
                            each.complete(bound.snapshot());
                        } else {
                            each.fail(published.cause());
                        }
                    });
                    turn();
                });
    }
}
