package dev.pointsman.balancer;

import dev.pointsman.balancer.RouteSources.MergedRoutes;
import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.history.ChangeCause;
import dev.pointsman.balancer.history.NewestChanges;
import dev.pointsman.balancer.history.PendingChange;
import dev.pointsman.balancer.history.PinnedTable;
import dev.pointsman.balancer.history.RouteDiff;
import dev.pointsman.balancer.history.RouteHistory;
import dev.pointsman.balancer.history.RoutingState;
import dev.pointsman.balancer.history.TableChange;
import dev.pointsman.balancer.proxy.RoutingSnapshot;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteKey;
import dev.pointsman.balancer.route.RouteOrigin.RouteSource;
import dev.pointsman.balancer.route.RouteTable;
import dev.pointsman.registry.Watch;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control of which routes are in force: every change of a source of routes, of the configuration, and every rollback comes
 * here, is merged with what the others say, and put in force. What came into force is noted in the history, when it is. While
 * the table of a rollback is pinned, what the sources say is merged and noted, but waits.
 *
 * <p>Lives on the control plane's context, but for {@link #current()} and {@link #state()}.
 */
final class RoutingControl {
    private static final Logger log = LoggerFactory.getLogger(RoutingControl.class);

    private final LiveRoutes live;
    private final Function<List<Route>, RouteTable> tables;
    private final InstantSource clock;
    private final Consumer<TableChange> listener;
    private final RouteSources sources = new RouteSources();
    private final RouteHistory history = new RouteHistory();
    private final NewestChanges<PendingChange> pending = new NewestChanges<>(PendingChange::diff);

    private @Nullable BalancerConfig config;
    private @Nullable PinnedTable pinned;
    /** Whose routes of the configuration tags have replaced, as far as the log says. */
    private Set<RouteKey> replaced = Set.of();
    /** What the sources say together. */
    private MergedRoutes merged = MergedRoutes.NONE;
    /** The table that is in force when {@link #last} is complete. */
    private @Nullable RouteTable wanted;

    private Future<RoutingSnapshot> last = Future.failedFuture("no routes yet");
    private volatile @Nullable RoutingState state;

    /**
     * All that one place says.
     *
     * @param isInUse whether the place is used by somebody, see {@link RouteSources#put}
     */
    record SourceRoutes(RouteSource source, List<Route> routes, boolean isInUse) {
        SourceRoutes {
            routes = List.copyOf(routes);
        }
    }

    /**
     * Nothing is in force yet.
     *
     * @param tables makes the table of routes, each key once
     * @param listener called with each table that comes into force and changes a route; must not block
     */
    RoutingControl(
            LiveRoutes live,
            Function<List<Route>, RouteTable> tables,
            InstantSource clock,
            Consumer<TableChange> listener) {
        this.live = live;
        this.tables = tables;
        this.clock = clock;
        this.listener = listener;
    }

    /**
     * Makes the first table, before there is any event loop to serve.
     *
     * @param others what places beside the configuration say already
     * @return the watches of the targets, to be waited for
     */
    List<Watch> begin(BalancerConfig first, List<SourceRoutes> others) {
        take(first);
        others.forEach(each -> sources.put(each.source(), each.routes(), each.isInUse()));
        merged = sources.merged();
        tellReplaced();
        RouteTable table = tables.apply(merged.routes());
        List<Watch> fresh = live.begin(table);
        wanted = table;
        last = Future.succeededFuture(live.current());
        TableChange begun = history.note(
                live.current().version(), clock.instant(), new ChangeCause(sourceOf(first), "start"), table.routes());
        publish();
        if (begun != null) {
            listener.accept(begun);
        }
        return fresh;
    }

    /**
     * Replaces the routes of one place.
     *
     * @param isInUse whether the place is used by somebody, see {@link RouteSources#put}
     * @return the table in force when every event loop routes by what was given, or by something later
     */
    Future<RoutingSnapshot> put(RouteSource source, List<Route> routes, boolean isInUse, ChangeCause cause) {
        sources.put(source, routes, isInUse);
        return merge(cause, false);
    }

    /**
     * Puts another configuration in force, with its routes.
     *
     * @param others what other places say under it, where that depends on it
     */
    Future<RoutingSnapshot> reconfigure(BalancerConfig next, List<SourceRoutes> others, ChangeCause cause) {
        take(next);
        others.forEach(each -> sources.put(each.source(), each.routes(), each.isInUse()));
        return merge(cause, true);
    }

    /**
     * Puts the table of a version in force again, as a whole, and pins it: what sources change from now on waits until
     * {@link #release}.
     *
     * @return fails with {@link NoSuchTableException} where the history has no such table
     */
    Future<RoutingSnapshot> rollback(long version, ChangeCause cause) {
        TableChange table = state().tableOf(version);
        if (table == null) {
            return Future.failedFuture(new NoSuchTableException(version, history.newest()));
        }
        pinned = new PinnedTable(table.version(), clock.instant(), cause, table.routes());
        pending.clear();
        publish();
        return apply(tables.apply(table.routes()), cause, false);
    }

    /** Ends a rollback: what the sources say comes into force. Without one it does nothing. */
    Future<RoutingSnapshot> release(ChangeCause cause) {
        pinned = null;
        pending.clear();
        return apply(tables.apply(merged.routes()), cause, false);
    }

    /** The table that there would be if one place said something else; nothing changes. */
    RouteTable preview(SourceRoutes other) {
        return tables.apply(sources.mergedWith(other.source(), other.routes(), other.isInUse()));
    }

    /** Completes when all that was asked for until now is in force, or could not be. */
    Future<Void> settled() {
        return last.transform(over -> Future.succeededFuture());
    }

    /** Whether all that was asked for is in force, so that {@link #state()} is the newest there will be. */
    boolean isSettled() {
        return last.isComplete();
    }

    /** The table in force. Any thread. */
    RoutingSnapshot current() {
        return live.current();
    }

    /** The routes in force and the history. Any thread. */
    RoutingState state() {
        RoutingState known = state;
        if (known == null) {
            throw new IllegalStateException("no routes yet");
        }
        return known;
    }

    private void take(BalancerConfig from) {
        config = from;
        sources.put(RouteSource.DEFAULT, List.of(), false);
        sources.put(RouteSource.FILE, List.of(), false);
        sources.put(sourceOf(from), from.routes(), from.hasRoutes());
    }

    private static RouteSource sourceOf(BalancerConfig config) {
        return config.hasRoutes() ? RouteSource.FILE : RouteSource.DEFAULT;
    }

    private Future<RoutingSnapshot> merge(ChangeCause cause, boolean isNewConfig) {
        List<Route> before = merged.routes();
        merged = sources.merged();
        tellReplaced();
        PinnedTable held = pinned;
        if (held == null) {
            return apply(tables.apply(merged.routes()), cause, isNewConfig);
        }
        RouteDiff diff = RouteDiff.between(before, merged.routes());
        if (!diff.isEmpty()) {
            notePending(diff, held, cause);
        }
        return apply(tables.apply(held.routes()), cause, isNewConfig);
    }

    /** Notes each route of the configuration that tags replace, once for as long as they do. */
    private void tellReplaced() {
        Map<RouteKey, Route> configured = new HashMap<>();
        merged.overruled().stream()
                .filter(route -> route.origin().source() == RouteSource.FILE)
                .forEach(route -> configured.put(route.key(), route));
        Set<RouteKey> now = new HashSet<>();
        for (Route route : merged.routes()) {
            Route before = configured.get(route.key());
            if (before != null
                    && route.origin().source() == RouteSource.TAGS
                    && now.add(route.key())
                    && !replaced.contains(route.key())) {
                log.info(
                        "routes: {} -> {} ({}) replaces {} ({})",
                        route.key(),
                        route.describeTarget(),
                        route.origin(),
                        before.describeTarget(),
                        before.origin());
            }
        }
        replaced = now;
    }

    private void notePending(RouteDiff diff, PinnedTable held, ChangeCause cause) {
        pending.add(new PendingChange(clock.instant(), cause, diff));
        publish();
        log.warn(
                "routes: {} ({}), but not in force: table {} is, by a rollback, until DELETE /api/rollback",
                diff.summary(),
                cause,
                held.version());
    }

    private Future<RoutingSnapshot> apply(RouteTable table, ChangeCause cause, boolean isNewConfig) {
        RouteTable before = wanted;
        if (!isNewConfig && before != null && before.routes().equals(table.routes())) {
            publish();
            return last;
        }
        wanted = table;
        last = live.replace(Objects.requireNonNull(config), table)
                .onSuccess(inForce -> note(inForce, cause))
                .onFailure(broken -> {
                    log.error("a change of the routes could not be put in force ({})", cause, broken);
                    // So that the same asked again is not taken for what is in force.
                    wanted = null;
                });
        return last;
    }

    private void note(RoutingSnapshot inForce, ChangeCause cause) {
        TableChange change = history.note(
                inForce.version(), clock.instant(), cause, inForce.table().routes());
        publish();
        if (change != null) {
            log.info(
                    "routes: table {} is in force ({}): {}",
                    change.version(),
                    cause,
                    change.diff().summary());
            // One more cause of a table that is known is no other table.
            if (change.causes().size() == 1) {
                listener.accept(change);
            }
        }
    }

    private void publish() {
        PinnedTable held = pinned;
        RoutingSnapshot inForce = live.current();
        state = new RoutingState(
                inForce.version(),
                inForce.table().routes(),
                merged.overruled(),
                history.since(),
                history.newest(),
                held,
                pending.list(),
                held == null ? RouteDiff.NONE : RouteDiff.between(held.routes(), merged.routes()));
    }
}
