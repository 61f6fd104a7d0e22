package dev.pointsman.registry.consul;

import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.WatchStatus;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Follows the services that are too many for a connection each: one blocking query for all of Consul's checks, and the
 * catalog's, tell when something changed; then those services are asked for that it concerns, and no other.
 *
 * <ul>
 *   <li>A check that is new, gone, or changed (its {@code ModifyIndex}) names its service. One of a node concerns every
 *       service on it.
 *   <li>Where the catalog's index went forward and no check that changed explains it (an instance without checks, new
 *       metadata or weights), any service may be meant: all are asked, at {@link #SWEPT_A_SECOND} a second on the average. An answer
 *       whose index is the one that is known is not even read.
 *   <li>Whatever slips through in between is found within {@link #ROUND}: they are asked in turn, evenly.
 *   <li>After an outage all are asked, and their first answers are doubted, since none of them noticed it.
 * </ul>
 *
 * Lives on one Vert.x context.
 */
final class Triggers {
    static final String CHECKS = "/v1/health/state/any";

    private static final Duration ROUND = Duration.ofSeconds(60);
    private static final Duration TURN = Duration.ofSeconds(1);
    private static final long SWEPT_A_SECOND = 100;
    /** What Consul changes in one go wakes both queries, but that for all checks may have to wait for its token. */
    private static final Duration EXPLAINED_WITHIN = Duration.ofMillis(600);

    private final Tools tools;
    private final Supplier<Feed<CheckKey, Long>> newChecks;
    private final Map<String, Feed<InstanceKey, Instance>> followed = new HashMap<>();
    private final Queue<String> round = new ArrayDeque<>();

    private @Nullable Feed<CheckKey, Long> checks;
    private Map<CheckKey, Long> seen = Map.of();
    private @Nullable WatchStatus heard;
    private long catalogIndex;
    /** The newest index at which a check was changed, as far as is known: it explains the catalog's up to there. */
    private long explained;

    private long sweptAt;
    private @Nullable Long turns;
    private @Nullable Long sweep;

    /** @param newChecks makes a feed of all checks that calls {@link #checksAnswered} */
    Triggers(Tools tools, Supplier<Feed<CheckKey, Long>> newChecks) {
        this.tools = tools;
        this.newChecks = newChecks;
    }

    /** Follows one more; it was started, or will be at once. */
    void add(String service, Feed<InstanceKey, Instance> feed) {
        followed.put(service, feed);
        round.add(service);
        if (checks == null) {
            sweptAt = tools.nanoTime().getAsLong();
            Feed<CheckKey, Long> begun = newChecks.get();
            checks = begun;
            begun.start();
            turns = tools.vertx().setPeriodic(TURN.toMillis(), fired -> nextTurn());
        }
    }

    /** Follows it no longer; nothing happens if it was not followed here. */
    void remove(String service) {
        if (followed.remove(service) != null) {
            round.remove(service);
            if (followed.isEmpty()) {
                close();
            }
        }
    }

    void close() {
        Vertx vertx = tools.vertx();
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
        seen = Map.of();
        heard = null;
        explained = 0;
    }

    /** The query for all checks, or null while every service has a connection of its own. */
    @Nullable
    Feed<CheckKey, Long> checks() {
        return checks;
    }

    void checksAnswered(Feed<CheckKey, Long> feed) {
        if (feed != checks || !feed.answered()) {
            return;
        }
        WatchStatus before = heard;
        heard = feed.state().status();
        Set<CheckKey> different = CheckKey.different(seen, feed.view());
        seen = feed.view();
        explain(different, heard.index(), before == null);
        if (before == null) {
            wake(behind(seen), false);
        } else if (feed.doubtful()
                && !before.equals(heard)
                && (before.index() != heard.index() || !different.isEmpty())) {
            explained = heard.index();
            wake(Set.copyOf(followed.keySet()), true);
        } else {
            wake(concerned(different), false);
        }
    }

    /**
     * The index of the whole list is no measure: Consul also raises it when checks are registered again as they are, along
     * with something that is new about their service.
     */
    private void explain(Set<CheckKey> different, long listIndex, boolean allAsked) {
        if (allAsked) {
            explainTo(listIndex);
        }
        for (CheckKey check : different) {
            // Of a check that is gone nothing tells when it went, but that it was not later than this.
            explainTo(seen.getOrDefault(check, listIndex));
        }
    }

    private void explainTo(long index) {
        if (Long.compareUnsigned(index, explained) > 0) {
            explained = index;
        }
    }

    /** Those that were answered for before one of their checks was changed, which nobody saw happen. */
    private Set<String> behind(Map<CheckKey, Long> checks) {
        Set<String> services = new HashSet<>();
        checks.forEach((check, index) -> {
            Feed<InstanceKey, Instance> feed = followed.get(check.service());
            if (feed != null
                    && feed.answered()
                    && Long.compareUnsigned(feed.state().status().index(), index) < 0) {
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
            followed.forEach((service, feed) -> {
                if (feed.view().keySet().stream().anyMatch(key -> nodes.contains(key.node()))) {
                    services.add(service);
                }
            });
        }
        return services;
    }

    /** The catalog had an answer, with this index. */
    void catalogAnswered(long index, boolean doubtful) {
        boolean moved = index != catalogIndex;
        catalogIndex = index;
        if (checks == null) {
            return;
        }
        if (doubtful && moved) {
            wake(Set.copyOf(followed.keySet()), true);
        } else if (moved) {
            sweepIn(EXPLAINED_WITHIN);
        }
    }

    private void sweepIn(Duration delay) {
        if (sweep == null) {
            sweep = tools.vertx().setTimer(delay.toMillis() + 1, fired -> {
                sweep = null;
                sweepUnlessExplained();
            });
        }
    }

    private void sweepUnlessExplained() {
        if (checks == null || Long.compareUnsigned(explained, catalogIndex) >= 0) {
            return;
        }
        Duration between = Duration.ofMillis(1000L * followed.size() / SWEPT_A_SECOND);
        Duration since = Duration.ofNanos(tools.nanoTime().getAsLong() - sweptAt);
        if (since.compareTo(between) < 0) {
            sweepIn(between.minus(since));
            return;
        }
        sweptAt = tools.nanoTime().getAsLong();
        explained = catalogIndex;
        wake(Set.copyOf(followed.keySet()), false);
    }

    private void nextTurn() {
        Feed<CheckKey, Long> now = checks;
        if (now == null || now.state().failedAt() != null) {
            // They would only fail too, or be believed before anyone has noticed that Consul was away.
            return;
        }
        long share = 1 + followed.size() * TURN.toMillis() / ROUND.toMillis();
        for (long n = 0; n < share && !round.isEmpty(); n++) {
            String service = round.remove();
            round.add(service);
            wake(Set.of(service), false);
        }
    }

    private void wake(Set<String> services, boolean doubtful) {
        for (String service : List.copyOf(services)) {
            Feed<InstanceKey, Instance> feed = followed.get(service);
            if (feed != null) {
                feed.wake(doubtful);
            }
        }
    }
}
