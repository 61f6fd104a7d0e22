package dev.pointsman.registry.consul.internal.shared;

import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.consul.internal.log.OutageLog;
import dev.pointsman.registry.consul.internal.query.ListQuery;
import dev.pointsman.registry.consul.internal.query.ListView;
import dev.pointsman.registry.consul.internal.query.QueryMode;
import dev.pointsman.registry.consul.internal.query.WatchContext;
import dev.pointsman.registry.consul.internal.query.WatchedList;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The watch of the services that are too many for a connection each. Blocking queries for what changes show when something did;
 * then those services are queried that it concerns, and no other.
 *
 * <ul>
 *   <li>The checks that are critical, and those that warn: short lists, and each change of an instance's health adds to one of
 *       them or takes from it. A check names its service; one of a node concerns every service on it.
 *   <li>The catalog, whose index moves with each instance that comes, goes or changes. Then the list of all checks is read, which
 *       has megabytes where there are thousands: a check that is new, gone or changed (its {@code ModifyIndex}) names its service.
 *   <li>Where no check that changed explains the catalog's index (an instance without checks, new metadata or weights), any
 *       service may be meant: all are queried, at {@link #SWEPT_A_SECOND} a second on the average. A response whose index is
 *       known already is not even parsed.
 *   <li>What slips through in between is found within {@link #ROUND} after the catalog moved: they are queried in turn, evenly. At
 *       rest that goes on, in case something is not as it is thought to be, over {@link #REST_ROUND}.
 *   <li>A failure that the short lists never showed ({@link RecoveredUnnamed}) is looked for every second.
 *   <li>After an outage all are queried, and their first responses are doubted, since none of them noticed it.
 * </ul>
 *
 * Lives on one Vert.x context.
 */
public final class SharedWatches {
    private static final String STATE = "/v1/health/state/";
    private static final Duration ROUND = Duration.ofSeconds(60);
    private static final Duration REST_ROUND = Duration.ofMinutes(10);
    private static final Duration TURN = Duration.ofSeconds(1);
    private static final long SWEPT_A_SECOND = 100;
    /** The time within which a change of checks must explain a change of the catalog: Consul changes both at once. */
    private static final Duration EXPLAINED_WITHIN = Duration.ofMillis(600);

    private final WatchContext context;
    private final OutageLog outages;
    private final Map<String, ListView.OnDemand<InstanceKey, Instance>> followed = new HashMap<>();
    private final LookRound round = new LookRound();
    private final ExplainedIndex explained = new ExplainedIndex();
    private final CheckWatch.CheckListener news = new News();

    private @Nullable CheckLists lists;
    private long catalogIndex;
    private long sweptAt;
    /** Until when something may slip through. */
    private long unsettledUntil;

    private @Nullable Long turns;
    private @Nullable Long sweep;

    /** @param all of them; queried where the catalog moved */
    private record CheckLists(CheckWatch critical, CheckWatch warning, CheckWatch all) {
        List<CheckWatch> each() {
            return List.of(critical, warning, all);
        }
    }

    /**
     * Creates a watch of no service yet; it queries nothing.
     *
     * @param outages gets each success and failure of the queries for checks
     */
    public SharedWatches(WatchContext context, OutageLog outages) {
        this.context = context;
        this.outages = outages;
    }

    /** Follows one more service; its list was started, or will be at once. */
    public void add(String service, ListView.OnDemand<InstanceKey, Instance> list) {
        followed.put(service, list);
        round.add(service);
        if (lists == null) {
            sweptAt = context.nanoTime().getAsLong();
            unsettledUntil = sweptAt;
            explained.allQueriedAt(catalogIndex);
            CheckLists begun = new CheckLists(
                    watch(ListQuery.ofTrouble(STATE + "critical"), QueryMode.CHECKS_IN_STATE),
                    watch(ListQuery.ofTrouble(STATE + "warning"), QueryMode.CHECKS_IN_STATE),
                    watch(ListQuery.ofServices(STATE + "any"), QueryMode.ALL_CHECKS));
            lists = begun;
            begun.critical.ask();
            begun.warning.ask();
            turns = context.vertx().setPeriodic(TURN.toMillis(), fired -> nextTurn(begun));
        }
    }

    private CheckWatch watch(ListQuery query, QueryMode mode) {
        return new CheckWatch(query, mode, context, outages, news);
    }

    /** Follows the service no longer; nothing happens if it was not followed here. */
    public void remove(String service) {
        if (followed.remove(service) != null) {
            round.remove(service);
            if (followed.isEmpty()) {
                close();
            }
        }
    }

    /** Whether any service is followed here. */
    public boolean isActive() {
        return lists != null;
    }

    /** The lists of checks as far as a target's status depends on them; none while no service is followed here. */
    public List<ListView<?, ?>> lists() {
        CheckLists now = lists;
        return now == null
                ? List.of()
                : now.each().stream().<ListView<?, ?>>map(CheckWatch::list).toList();
    }

    /** See {@link WatchedList#restartIfStuck}. */
    public void restartIfStuck() {
        if (lists != null) {
            lists.each().stream().filter(CheckWatch::isStarted).forEach(each -> each.list()
                    .restartIfStuck());
        }
    }

    /** Ends the queries for checks; the followed lists are not this object's to close. */
    public void close() {
        Vertx vertx = context.vertx();
        if (turns != null) {
            vertx.cancelTimer(turns);
            turns = null;
        }
        if (sweep != null) {
            vertx.cancelTimer(sweep);
            sweep = null;
        }
        if (lists != null) {
            lists.each().forEach(each -> each.list().close());
            lists = null;
        }
    }

    /** What the lists of checks say. */
    private final class News implements CheckWatch.CheckListener {
        @Override
        public void listed(Map<CheckScope, CheckDigest> list) {
            // Every service was queried a moment ago, when it was added.
            Map<CheckScope, Long> newest = new HashMap<>();
            list.forEach((scope, digest) -> newest.put(scope, digest.newest()));
            wake(behind(newest), false);
        }

        @Override
        public void changed(Map<CheckScope, Long> different) {
            different.values().forEach(explained::explainUpTo);
            if (!different.isEmpty()) {
                // With several servers the one that is queried next may be behind the one that said so.
                unsettled();
            }
            wake(concerned(different.keySet()), false);
        }

        @Override
        public void doubted(long index) {
            explained.allQueriedAt(index);
            unsettled();
            wakeAll(true);
        }
    }

    /** The services whose newest response is older than a change of one of their checks. */
    private Set<String> behind(Map<CheckScope, Long> newest) {
        Set<String> services = new HashSet<>();
        newest.forEach((scope, index) -> {
            ListView<InstanceKey, Instance> list = followed.get(scope.service());
            if (list != null
                    && list.responded()
                    && Long.compareUnsigned(list.state().status().index(), index) < 0) {
                services.add(scope.service());
            }
        });
        return services;
    }

    private Set<String> concerned(Collection<CheckScope> different) {
        Set<String> services = new HashSet<>();
        Set<String> nodes = new HashSet<>();
        for (CheckScope scope : different) {
            (scope.service().isEmpty() ? nodes : services).add(scope.service() + scope.node());
        }
        if (!nodes.isEmpty()) {
            followed.forEach((service, list) -> {
                if (list.entries().keySet().stream().anyMatch(key -> nodes.contains(key.node()))) {
                    services.add(service);
                }
            });
        }
        return services;
    }

    /** Takes note of a response of the catalog's, with this index. */
    public void catalogResponded(long index, boolean doubtful) {
        boolean first = catalogIndex == 0;
        boolean moved = index != catalogIndex;
        catalogIndex = index;
        if (lists == null || !moved) {
            return;
        }
        if (doubtful) {
            unsettled();
            if (lists.all.isStarted()) {
                // Its next response is in doubt too, and is best had while everything is.
                lists.all.ask();
            }
            wakeAll(true);
        } else if (first) {
            // What is followed is queried after the catalog, so it is as new.
            explained.explainUpTo(index);
        } else {
            unsettled();
            lists.all.ask();
            sweepIn(EXPLAINED_WITHIN);
        }
    }

    private void unsettled() {
        unsettledUntil = context.nanoTime().getAsLong() + ROUND.toNanos();
    }

    private void sweepIn(Duration delay) {
        if (sweep == null) {
            sweep = context.vertx().setTimer(delay.toMillis() + 1, fired -> {
                sweep = null;
                sweepUnlessExplained();
            });
        }
    }

    private void sweepUnlessExplained() {
        CheckLists now = lists;
        if (now == null || explained.explains(catalogIndex)) {
            return;
        }
        if (now.all.isAwaited() && !now.all.isFailing()) {
            sweepIn(EXPLAINED_WITHIN);
            return;
        }
        Duration between = Duration.ofMillis(1000L * followed.size() / SWEPT_A_SECOND);
        Duration since = Duration.ofNanos(context.nanoTime().getAsLong() - sweptAt);
        if (since.compareTo(between) < 0) {
            sweepIn(between.minus(since));
            return;
        }
        sweptAt = context.nanoTime().getAsLong();
        explained.allQueriedAt(catalogIndex);
        wakeAll(false);
    }

    private void nextTurn(CheckLists now) {
        if (now.critical.list().state().isConsulInTrouble()) {
            // They would only fail too, or be believed before it is noticed that Consul was away.
            return;
        }
        if (!now.all.isStarted() && followed.values().stream().allMatch(ListView::tried)) {
            // What later ones are compared with; not sooner, as there is enough to do at a start.
            now.all.ask();
        }
        wake(RecoveredUnnamed.among(followed, now.critical.list(), now.warning.list()), false);
        boolean unsettled = unsettledUntil - context.nanoTime().getAsLong() > 0;
        // Where a list is refused, or longer than is read with this heap, the turns are all there is.
        boolean blind = now.each().stream().anyMatch(CheckWatch::isFailing);
        wake(round.next(TURN, unsettled || blind ? ROUND : REST_ROUND), false);
    }

    private void wakeAll(boolean doubtful) {
        wake(Set.copyOf(followed.keySet()), doubtful);
    }

    private void wake(Collection<String> services, boolean doubtful) {
        for (String service : List.copyOf(services)) {
            ListView.OnDemand<InstanceKey, Instance> list = followed.get(service);
            if (list != null) {
                list.wake(doubtful);
            }
        }
    }
}
