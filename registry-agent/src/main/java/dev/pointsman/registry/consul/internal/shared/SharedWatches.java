package dev.pointsman.registry.consul.internal.shared;

import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.WatchStatus;
import dev.pointsman.registry.consul.internal.log.OutageLog;
import dev.pointsman.registry.consul.internal.query.ListView;
import dev.pointsman.registry.consul.internal.query.QueryMode;
import dev.pointsman.registry.consul.internal.query.WatchContext;
import dev.pointsman.registry.consul.internal.query.WatchedList;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The watch of the services that are too many for a connection each: one blocking query for all of Consul's checks, and the
 * catalog's, show when something changed; then those services are queried that it concerns, and no other.
 *
 * <ul>
 *   <li>A check that is new, gone, or changed (its {@code ModifyIndex}) names its service. One of a node concerns every
 *       service on it.
 *   <li>Where the catalog's index went forward and no check that changed explains it (an instance without checks, new
 *       metadata or weights), any service may be meant: all are queried, at {@link #SWEPT_A_SECOND} a second on the average.
 *       A response whose index is known already is not even parsed.
 *   <li>What slips through in between is found within {@link #ROUND}: they are queried in turn, evenly.
 *   <li>After an outage all are queried, and their first responses are doubted, since none of them noticed it.
 * </ul>
 *
 * Lives on one Vert.x context.
 */
public final class SharedWatches {
    private static final String CHECKS = "/v1/health/state/any";
    private static final Duration ROUND = Duration.ofSeconds(60);
    private static final Duration TURN = Duration.ofSeconds(1);
    private static final long SWEPT_A_SECOND = 100;
    /**
     * The time within which a change of checks must explain a change of the catalog. Consul changes both at once, but
     * the query for all checks may have to wait for its token.
     */
    private static final Duration EXPLAINED_WITHIN = Duration.ofMillis(600);

    private final WatchContext context;
    private final OutageLog outages;
    private final Map<String, ListView.OnDemand<InstanceKey, Instance>> followed = new HashMap<>();
    private final Queue<String> round = new ArrayDeque<>();
    private final CheckChanges changes = new CheckChanges();

    private @Nullable WatchedList<CheckKey, Long> checks;
    private @Nullable WatchStatus newest;
    private long catalogIndex;
    private long sweptAt;
    private @Nullable Long turns;
    private @Nullable Long sweep;

    /**
     * Creates a watch of no service yet; it queries nothing.
     *
     * @param outages gets each success and failure of the query for all checks
     */
    public SharedWatches(WatchContext context, OutageLog outages) {
        this.context = context;
        this.outages = outages;
    }

    /** Follows one more service; its list was started, or will be at once. */
    public void add(String service, ListView.OnDemand<InstanceKey, Instance> list) {
        followed.put(service, list);
        round.add(service);
        if (checks == null) {
            sweptAt = context.nanoTime().getAsLong();
            WatchedList<CheckKey, Long> begun = new WatchedList<>(
                    CHECKS,
                    QueryMode.HEAVY_WATCH,
                    null,
                    new ChecksReader()::read,
                    context,
                    outages,
                    this::checksChanged);
            checks = begun;
            begun.start();
            turns = context.vertx().setPeriodic(TURN.toMillis(), fired -> nextTurn());
        }
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
        return checks != null;
    }

    /** The list of all checks as far as a target's status depends on it; empty while no service is followed here. */
    public Optional<ListView<?, ?>> checks() {
        return Optional.ofNullable(checks);
    }

    /** See {@link WatchedList#restartIfStuck}. */
    public void restartIfStuck() {
        if (checks != null) {
            checks.restartIfStuck();
        }
    }

    /** Ends the query for all checks; the followed lists are not this object's to close. */
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
        if (checks != null) {
            checks.close();
            checks = null;
        }
        changes.clear();
        newest = null;
    }

    private void checksChanged() {
        WatchedList<CheckKey, Long> list = checks;
        if (list == null || !list.responded()) {
            return;
        }
        WatchStatus before = newest;
        newest = list.state().status();
        Set<CheckKey> different = changes.update(list.entries(), newest.index());
        if (before == null) {
            // Every service was queried a moment ago, when it was added.
            changes.explainUpTo(newest.index());
            wake(behind(), false);
        } else if (list.doubtful()
                && !before.equals(newest)
                && (before.index() != newest.index() || !different.isEmpty())) {
            changes.allQueriedAt(newest.index());
            wakeAll(true);
        } else {
            wake(concerned(different), false);
        }
    }

    /** The services whose newest response is older than a change of one of their checks. */
    private Set<String> behind() {
        Set<String> services = new HashSet<>();
        changes.newest().forEach((check, index) -> {
            ListView<InstanceKey, Instance> list = followed.get(check.service());
            if (list != null
                    && list.responded()
                    && Long.compareUnsigned(list.state().status().index(), index) < 0) {
                services.add(check.service());
            }
        });
        return services;
    }

    private Set<String> concerned(Set<CheckKey> different) {
        Set<String> services = new HashSet<>();
        Set<String> nodes = new HashSet<>();
        for (CheckKey check : different) {
            if (check.service().isEmpty()) {
                nodes.add(check.node());
            } else {
                services.add(check.service());
            }
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
        boolean moved = index != catalogIndex;
        catalogIndex = index;
        if (checks == null) {
            return;
        }
        if (doubtful && moved) {
            wakeAll(true);
        } else if (moved) {
            sweepIn(EXPLAINED_WITHIN);
        }
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
        if (checks == null || changes.explain(catalogIndex)) {
            return;
        }
        Duration between = Duration.ofMillis(1000L * followed.size() / SWEPT_A_SECOND);
        Duration since = Duration.ofNanos(context.nanoTime().getAsLong() - sweptAt);
        if (since.compareTo(between) < 0) {
            sweepIn(between.minus(since));
            return;
        }
        sweptAt = context.nanoTime().getAsLong();
        changes.allQueriedAt(catalogIndex);
        wakeAll(false);
    }

    private void nextTurn() {
        WatchedList<CheckKey, Long> now = checks;
        if (now == null || now.state().isConsulInTrouble()) {
            // They would only fail too, or be believed before it is noticed that Consul was away. Where the list of all
            // checks is refused, or longer than is read with this heap, the turns are all there is.
            return;
        }
        long share = 1 + followed.size() * TURN.toMillis() / ROUND.toMillis();
        for (long n = 0; n < share && !round.isEmpty(); n++) {
            String service = round.remove();
            round.add(service);
            wake(Set.of(service), false);
        }
    }

    private void wakeAll(boolean doubtful) {
        wake(Set.copyOf(followed.keySet()), doubtful);
    }

    private void wake(Set<String> services, boolean doubtful) {
        for (String service : List.copyOf(services)) {
            ListView.OnDemand<InstanceKey, Instance> list = followed.get(service);
            if (list != null) {
                list.wake(doubtful);
            }
        }
    }
}
