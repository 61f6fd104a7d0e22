package dev.pointsman.balancer;

import dev.pointsman.balancer.admin.StateView.Followed;
import dev.pointsman.balancer.proxy.RoutePool;
import dev.pointsman.balancer.proxy.RoutingSnapshot;
import dev.pointsman.balancer.resilience.AdmissionQueue;
import dev.pointsman.balancer.resilience.PoolTraffic;
import dev.pointsman.balancer.route.Branch;
import dev.pointsman.balancer.route.PoolSettings;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteTable;
import dev.pointsman.balancer.route.Target;
import dev.pointsman.canary.CanaryControl;
import dev.pointsman.canary.CanaryPicks;
import dev.pointsman.pool.Availability;
import dev.pointsman.pool.EjectedInstances;
import dev.pointsman.pool.Pool;
import dev.pointsman.pool.PoolTime;
import dev.pointsman.pool.StateChange;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Watch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.helpers.NOPLogger;

/**
 * The pools that routes go to: one for each target and each way of picking among its instances, so that routes that
 * differ in nothing but their paths judge instances together. A route with a limit of requests has a pool of its own,
 * or the limit would not be its own. A pool stays, with all that it knows, as long as a table
 * needs it; those that take its place begin with the ejections that it knew. Changed on the
 * control plane's context alone; {@link #followed()} may be read on any thread.
 */
final class Pools {
    private final Policies policies;
    private final PoolTime time;
    private final Consumer<StateChange> listener;
    private final TargetFollower follower;
    private final Canaries canaries;
    private volatile Consumer<Pool> fresh = pool -> {};
    private final Map<PoolKey, LivePool> live = new LinkedHashMap<>();

    /** Pools that no table needs any more, in which requests may still be in flight. */
    private final List<Followed> leaving = new ArrayList<>();

    private volatile List<Followed> followed = List.of();
    private long version;

    /** Follows the instances of a target. */
    @FunctionalInterface
    interface TargetFollower {
        Watch follow(Target target, PoolSettings settings, Consumer<ServiceView> views);
    }

    private record PoolKey(Target target, PoolSettings settings, String onlyRoute) {
        static PoolKey of(Route route, Branch branch) {
            PoolSettings settings = branch.options().pool();
            return new PoolKey(
                    branch.target(),
                    settings,
                    settings.maxRequests() > 0 ? route.key().toString() : "");
        }

        /** Without the settings: few pools of a target differ in these alone, and there are thousands of routes to look up. */
        @Override
        public int hashCode() {
            return 31 * target.hashCode() + onlyRoute.hashCode();
        }
    }

    private record LivePool(RoutePool pool, Followed followed, CanaryControl canaries) {}

    /**
     * No pools yet.
     *
     * @param listener called with each change of an upstream's state, on any thread; must not block
     * @param follower keeps the pools up to date
     * @param canaries controls those of each pool
     */
    Pools(
            Policies policies,
            PoolTime time,
            Consumer<StateChange> listener,
            TargetFollower follower,
            Canaries canaries) {
        this.policies = policies;
        this.time = time;
        this.listener = listener;
        this.follower = follower;
        this.canaries = canaries;
    }

    /**
     * A table with its pools.
     *
     * @param fresh the watches that feed pools which were made for this table
     */
    record Bound(RoutingSnapshot snapshot, List<Watch> fresh) {}

    /** Has somebody be told of each pool that is made from now on, before its first view. */
    void tellOfFresh(Consumer<Pool> listener) {
        fresh = listener;
    }

    /** Gives each branch of a table its pool; those that there were not yet are made, still empty, and followed. */
    Bound bind(RouteTable table) {
        List<List<PoolKey>> keys = table.routes().stream()
                .map(route -> route.branches().stream()
                        .map(branch -> PoolKey.of(route, branch))
                        .toList())
                .toList();
        List<Watch> fresh = makeMissing(keys.stream().flatMap(List::stream).collect(Collectors.toSet()));
        List<List<RoutePool>> byRoute = new ArrayList<>(keys.size());
        for (List<PoolKey> ofRoute : keys) {
            byRoute.add(ofRoute.stream()
                    .map(key -> Objects.requireNonNull(live.get(key)).pool())
                    .toList());
        }
        publish();
        return new Bound(new RoutingSnapshot(++version, table, byRoute), fresh);
    }

    private List<Watch> makeMissing(Set<PoolKey> needed) {
        List<PoolKey> missing =
                needed.stream().filter(key -> !live.containsKey(key)).toList();
        if (missing.isEmpty()) {
            return List.of();
        }
        // Those that go in exchange: a setting of a route is another now, or an upstream more is written down.
        EjectedInstances ejected = EjectedInstances.of(live.entrySet().stream()
                .filter(each -> !needed.contains(each.getKey()))
                .map(each -> each.getValue().followed().pool())
                .toList());
        return missing.stream()
                .map(key -> {
                    LivePool made = make(key, ejected);
                    live.put(key, made);
                    return made.followed().watch();
                })
                .toList();
    }

    /** A pool as routes have them that say nothing of it, which no request goes to, and of which nothing is logged. */
    Pool unused(String target) {
        PoolSettings settings = PoolSettings.DEFAULT;
        return new Pool(target, picks(settings), settings.options(), time, change -> {}, NOPLogger.NOP_LOGGER);
    }

    private CanaryPicks picks(PoolSettings settings) {
        return new CanaryPicks(settings.canary().by(), () -> policies.make(settings.policy()));
    }

    private LivePool make(PoolKey key, EjectedInstances ejected) {
        PoolSettings settings = key.settings();
        AdmissionQueue queue =
                settings.isLimited() ? new AdmissionQueue(settings.maxRequests(), settings.queue()) : null;
        CanaryPicks picks = picks(settings);
        Pool pool = new Pool(
                key.target().name(), picks, settings.options(), time, change -> changed(change, queue, listener));
        pool.inherit(ejected);
        fresh.accept(pool);
        RoutePool routePool = new RoutePool(pool, queue, new PoolTraffic());
        CanaryControl control = canaries.control(pool, picks, settings.canary());
        Watch watch = follower.follow(key.target(), settings, view -> {
            control.take(view);
            pool.apply(view);
        });
        return new LivePool(
                routePool,
                new Followed(
                        pool,
                        watch,
                        settings.policy().toString(),
                        routePool.traffic(),
                        queue,
                        control::views,
                        time.wall().instant()),
                control);
    }

    /** Wakes the requests that wait for a permit when an instance becomes ready, and passes the change on. */
    private static void changed(StateChange change, @Nullable AdmissionQueue queue, Consumer<StateChange> listener) {
        listener.accept(change);
        if (queue != null && change.after() == Availability.READY) {
            queue.wakeAll();
        }
    }

    /** Ends the watches of all pools that a table does not need. Those with requests in flight are still listed. */
    void retain(RoutingSnapshot snapshot) {
        Set<RoutePool> needed = snapshot.allPools();
        for (Map.Entry<PoolKey, LivePool> each : new HashMap<>(live).entrySet()) {
            if (!needed.contains(each.getValue().pool())) {
                live.remove(each.getKey());
                each.getValue().followed().watch().close();
                canaries.release(each.getValue().canaries());
                leaving.add(each.getValue().followed());
            }
        }
        leaving.removeIf(pool -> pool.pool().statistics().inFlight() == 0);
        publish();
    }

    private void publish() {
        followed = Stream.concat(live.values().stream().map(LivePool::followed), leaving.stream())
                .toList();
    }

    /** All pools with their watches, those that are leaving included. */
    List<Followed> followed() {
        return followed;
    }

    /** All pools, those that are leaving included. */
    List<Pool> all() {
        return followed.stream().map(Followed::pool).toList();
    }

    /** How many targets are followed. */
    int targets() {
        Set<Target> targets = new HashSet<>();
        live.keySet().forEach(key -> targets.add(key.target()));
        return targets.size();
    }
}
