package dev.pointsman.registry.embedded;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The queries that wait for a change. Each gets its response exactly once: when its topic changes, when its time is
 * over, or when the registry stops; or never, when its client went away. Not thread-safe.
 */
final class BlockedQueries {
    /** How long a query without a wait of its own waits. */
    static final Duration DEFAULT_WAIT = Duration.ofMinutes(5);

    /** How long a query waits at most. */
    static final Duration MAX_WAIT = Duration.ofMinutes(10);

    private final Timers timers;
    private final RandomGenerator random;
    private final Map<Topic, Set<BlockedQuery>> waiting = new HashMap<>();
    private boolean stopped;

    BlockedQueries(Timers timers, RandomGenerator random) {
        this.timers = timers;
        this.random = random;
    }

    /** A waiting query. */
    final class BlockedQuery {
        private final Topic topic;
        private final Runnable respond;
        private Timers.@Nullable PendingTask timeout;

        private BlockedQuery(Topic topic, Runnable respond) {
            this.topic = topic;
            this.respond = respond;
        }

        /** Forgets the query without a response: its client is gone. */
        void release() {
            Set<BlockedQuery> siblings = waiting.get(topic);
            if (siblings != null && siblings.remove(this) && siblings.isEmpty()) {
                waiting.remove(topic);
            }
            if (timeout != null) {
                timeout.cancel();
            }
        }

        private void finish() {
            release();
            respond.run();
        }
    }

    /**
     * Keeps a query.
     *
     * @param wait how long, zero or less for the default; Consul adds up to a sixteenth of it, so that clients that
     *     came together do not come back together
     */
    BlockedQuery park(Topic topic, Duration wait, Runnable respond) {
        BlockedQuery query = new BlockedQuery(topic, respond);
        if (stopped) {
            respond.run();
            return query;
        }
        waiting.computeIfAbsent(topic, key -> new LinkedHashSet<>()).add(query);
        query.timeout = timers.in(withJitter(wait), query::finish);
        return query;
    }

    private Duration withJitter(Duration asked) {
        Duration wait = asked.isZero() || asked.isNegative() ? DEFAULT_WAIT : asked;
        long millis = Math.max(1, wait.compareTo(MAX_WAIT) > 0 ? MAX_WAIT.toMillis() : wait.toMillis());
        return Duration.ofMillis(millis + random.nextLong(millis / 16 + 1));
    }

    /** Responds to every query that waits for one of these. */
    void wake(Set<Topic> changed) {
        List<BlockedQuery> due = new ArrayList<>();
        for (Topic topic : changed) {
            due.addAll(waiting.getOrDefault(topic, Set.of()));
            if (topic.scope() == Topic.Scope.KEY) {
                waiting.forEach((other, queries) -> {
                    if (other.scope() == Topic.Scope.KEY_PREFIX && topic.name().startsWith(other.name())) {
                        due.addAll(queries);
                    }
                });
            }
        }
        // A prefix may have been touched by several keys: once is enough.
        new LinkedHashSet<>(due).forEach(BlockedQuery::finish);
    }

    /** Responds to every query with what is known now; from then on no query waits. */
    void stop() {
        stopped = true;
        List<BlockedQuery> all = new ArrayList<>();
        waiting.values().forEach(all::addAll);
        all.forEach(BlockedQuery::finish);
    }

    int size() {
        return waiting.values().stream().mapToInt(Set::size).sum();
    }
}
