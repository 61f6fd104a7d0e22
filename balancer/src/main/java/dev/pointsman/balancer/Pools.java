package dev.pointsman.balancer;

import dev.pointsman.balancer.admin.StateView;
import dev.pointsman.balancer.proxy.RoutePool;
import dev.pointsman.balancer.resilience.AdmissionQueue;
import dev.pointsman.balancer.resilience.PoolTraffic;
import dev.pointsman.balancer.route.PoolSettings;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteTable;
import dev.pointsman.pool.Availability;
import dev.pointsman.pool.Pool;
import dev.pointsman.pool.PoolTime;
import dev.pointsman.pool.StateChange;
import dev.pointsman.registry.Registry;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The pools that routes go to: one for each target and each way of picking among its instances, so that routes that
 * differ in nothing but their paths judge instances together. A route with a limit of requests has a pool of its own,
 * or the limit would not be its own.
 */
final class Pools {
    private final Map<Key, Made> pools = new LinkedHashMap<>();
    private final IdentityHashMap<Route, RoutePool> byRoute = new IdentityHashMap<>();

    private record Key(String target, PoolSettings settings, String onlyPrefix) {
        static Key of(Route route) {
            PoolSettings settings = route.options().pool();
            return new Key(route.target(), settings, settings.maxRequests() > 0 ? route.prefix() : "");
        }
    }

    private record Made(RoutePool pool, String policy) {}

    /**
     * Makes the pools, still empty.
     *
     * @param listener called with each change of an upstream's state, on any thread; must not block
     */
    Pools(RouteTable routes, Policies policies, PoolTime time, Consumer<StateChange> listener) {
        for (Route route : routes.routes()) {
            Made made = pools.computeIfAbsent(Key.of(route), key -> make(key, policies, time, listener));
            byRoute.put(route, made.pool());
        }
    }

    private static Made make(Key key, Policies policies, PoolTime time, Consumer<StateChange> listener) {
        PoolSettings settings = key.settings();
        AdmissionQueue queue =
                settings.isLimited() ? new AdmissionQueue(settings.maxRequests(), settings.queue()) : null;
        Pool pool = new Pool(
                key.target(),
                policies.make(settings.policy()),
                settings.options(),
                time,
                change -> changed(change, queue, listener));
        return new Made(
                new RoutePool(pool, queue, new PoolTraffic()), settings.policy().toString());
    }

    /** Wakes the requests that wait for a permit when an instance becomes ready, and passes the change on. */
    private static void changed(StateChange change, @Nullable AdmissionQueue queue, Consumer<StateChange> listener) {
        listener.accept(change);
        if (queue != null && change.after() == Availability.READY) {
            queue.wakeAll();
        }
    }

    /** Keeps all pools up to date by the registry from now on. */
    List<StateView.Followed> follow(Registry registry) {
        List<StateView.Followed> followed = new ArrayList<>();
        pools.values().forEach(made -> {
            Pool pool = made.pool().pool();
            followed.add(new StateView.Followed(
                    pool,
                    registry.watch(pool.target(), pool::apply),
                    made.policy(),
                    made.pool().traffic(),
                    made.pool().queue()));
        });
        return followed;
    }

    /** How many targets are followed in the registry. */
    int targets() {
        return (int) pools.keySet().stream().map(Key::target).distinct().count();
    }

    /** The pool of each route, by the route's identity. */
    IdentityHashMap<Route, RoutePool> byRoute() {
        return byRoute;
    }
}
