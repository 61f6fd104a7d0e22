package dev.pointsman.registry.consul.internal.query;

import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.consul.internal.log.OutageLog;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A list of Consul's that is followed from {@link #start} to {@link #close}: what it lists now, and what is retained of
 * what it listed before. Lives on one Vert.x context; only {@link #state()} may be read from any thread.
 *
 * @param <K> what is listed
 * @param <V> the facts about it
 */
public final class WatchedList<K, V> implements ListView.OnDemand<K, V> {
    /** Parses the content of a response. */
    @FunctionalInterface
    public interface ListReader<K, V> {
        /**
         * The entries in the content of a response, by their keys.
         *
         * @throws RegistryException if the content is not such a list as a whole
         */
        Map<K, V> read(Buffer body) throws RegistryException;
    }

    /**
     * The rules by which what a list does not show any more is retained.
     *
     * @param retainFor for how long at the most; zero for not at all
     * @param always whether every response is in doubt, because other lists say better what is gone
     * @param leaving which entries are about to leave anyhow, and are never retained
     * @param review asks about what is missing, or, if that is nothing, about a first response that is empty
     */
    public record Retention<K, V>(
            Duration retainFor,
            boolean always,
            Predicate<V> leaving,
            Function<Set<K>, Future<Optional<Doubt>>> review) {}

    private final String path;
    private final ListReader<K, V> reader;
    private final @Nullable Retention<K, V> retention;
    private final WatchContext context;
    private final OutageLog outages;
    private final Runnable changed;
    private final SelfPreservation<K, V> preservation;
    private final QueryStatus status;
    private final QueryLoop<Map<K, V>> loop;

    /** Vert.x takes longer timers too, and adds them to the time of day. */
    private static final long LONGEST_TIMER = Duration.ofHours(1).toMillis();

    private boolean responded;
    private boolean seeded;
    private boolean doubtful;
    private @Nullable Doubt doubt;
    private @Nullable Long expiry;
    private boolean closed;

    /**
     * Creates a list that is not followed yet.
     *
     * @param query what to query
     * @param mode how to query
     * @param retention how to retain what is not listed any more; null to believe every response
     * @param reader parses the responses
     * @param context shared by all lists of a registry
     * @param outages gets each success and failure
     * @param changed called after the entries, or {@link #responded()} or {@link #tried()}, may have changed
     */
    public WatchedList(
            ListQuery query,
            QueryMode mode,
            @Nullable Retention<K, V> retention,
            ListReader<K, V> reader,
            WatchContext context,
            OutageLog outages,
            Runnable changed) {
        this.path = query.path();
        this.reader = reader;
        this.context = context;
        this.outages = outages;
        this.changed = changed;
        this.retention = retention;
        this.preservation = retention == null
                ? new SelfPreservation<>(Duration.ZERO, entry -> false, context.nanoTime())
                : new SelfPreservation<>(retention.retainFor(), retention.leaving(), context.nanoTime());
        this.status = new QueryStatus(path, context, outages);
        this.loop = new QueryLoop<>(query, mode, new Responses(), context);
    }

    /**
     * Begins with entries of the cache: they count until Consul responds. To be called before the start.
     *
     * @param index of the response that they came with
     */
    public void seed(Map<K, V> cached, long index) {
        seeded = true;
        preservation.seed(cached);
        loop.seed(index);
    }

    /** Sends the first query. */
    public void start() {
        loop.start();
    }

    /** Cancels the query under way; the entries stay as they are. */
    public void close() {
        closed = true;
        loop.close();
        cancelExpiry();
        outages.forget(path);
    }

    @Override
    public void wake(boolean inDoubt) {
        loop.wake(inDoubt);
    }

    /** See {@link QueryLoop#restartIfStuck}. */
    public void restartIfStuck() {
        loop.restartIfStuck();
    }

    @Override
    public Map<K, V> entries() {
        return preservation.entries();
    }

    @Override
    public Set<K> retained() {
        return preservation.retained();
    }

    @Override
    public boolean responded() {
        return responded;
    }

    @Override
    public boolean tried() {
        return responded || state().failedAt() != null;
    }

    @Override
    public boolean stale() {
        return seeded && !responded;
    }

    @Override
    public boolean doubtful() {
        return doubtful;
    }

    @Override
    public ListState state() {
        return status.state();
    }

    /** Drops instances that are retained and do not answer any more; those that are listed again meanwhile stay. */
    public void drop(Set<K> keys) {
        boolean any = false;
        for (K key : keys) {
            any |= preservation.drop(key);
        }
        if (any) {
            retainedChanged();
            changed.run();
        }
    }

    /** Brings the status up to date with what is retained. */
    private void retainedChanged() {
        awaitExpiry();
        boolean retains = retention != null
                && !retention.always()
                && !preservation.retained().isEmpty();
        if (!retains) {
            doubt = null;
        }
        Doubt why = doubt;
        status.doubted(why == null ? null : why.reason());
        if (why == null) {
            outages.trusted(path);
        } else {
            outages.doubted(path, why.reason());
        }
    }

    private void awaitExpiry() {
        cancelExpiry();
        Duration until = preservation.untilExpiry();
        if (until != null && !closed) {
            expiry = context.vertx().setTimer(Math.min(until.toMillis() + 1, LONGEST_TIMER), fired -> {
                expiry = null;
                preservation.expire();
                retainedChanged();
                changed.run();
            });
        }
    }

    private void cancelExpiry() {
        if (expiry != null) {
            context.vertx().cancelTimer(expiry);
            expiry = null;
        }
    }

    /** Takes the loop's responses over. */
    private final class Responses implements QueryLoop.Follower<Map<K, V>> {
        @Override
        public Map<K, V> read(Buffer body) throws RegistryException {
            return reader.read(body);
        }

        @Override
        public boolean isEmpty(Map<K, V> data) {
            return data.isEmpty();
        }

        @Override
        public @Nullable Future<Optional<Doubt>> review(Map<K, V> data, long index, boolean filtered) {
            if (retention == null) {
                return null;
            }
            Set<K> missing = preservation.missingIn(data);
            boolean many = data.isEmpty() || (missing.size() > 1 && 2 * missing.size() > preservation.listedCount());
            boolean muchIsGone = !missing.isEmpty() && (filtered || many);
            boolean nothingAtFirst = missing.isEmpty() && data.isEmpty() && !responded;
            return muchIsGone || nothingAtFirst ? retention.review().apply(missing) : null;
        }

        @Override
        public void responded(Map<K, V> data, long index, @Nullable Doubt inDoubt) {
            responded = true;
            doubtful = inDoubt != null;
            status.succeeded(index);
            Doubt why = inDoubt == null && retention != null && retention.always() ? Doubt.UNCONFIRMED : inDoubt;
            Set<K> before = preservation.retained();
            preservation.update(data, why);
            if (why != null && !before.containsAll(preservation.retained())) {
                doubt = why;
            }
            retainedChanged();
            changed.run();
        }

        @Override
        public void confirmed() {
            status.succeeded(state().status().index());
            retainedChanged();
        }

        @Override
        public void failed(RegistryException failure) {
            boolean first = !tried();
            status.failed(failure);
            if (first) {
                changed.run();
            }
        }
    }
}
