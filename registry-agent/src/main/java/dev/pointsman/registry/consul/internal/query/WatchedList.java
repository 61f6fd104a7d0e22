package dev.pointsman.registry.consul.internal.query;

import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.WatchStatus;
import dev.pointsman.registry.consul.internal.log.OutageLog;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
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

    private final String path;
    private final ListReader<K, V> reader;
    private final WatchContext context;
    private final OutageLog outages;
    private final Runnable changed;
    private final SelfPreservation<K, V> preservation;
    private final QueryLoop<Map<K, V>> loop;

    private volatile ListState state = ListState.NEW;
    private boolean responded;
    private boolean seeded;
    private boolean doubtful;
    private @Nullable Long expiry;
    private boolean closed;

    /**
     * Creates a list that is not followed yet.
     *
     * @param path what to query, percent-encoded, without parameters
     * @param mode how to query
     * @param reader parses the responses
     * @param context shared by all lists of a registry
     * @param outages gets each success and failure
     * @param changed called after the entries, or {@link #responded()} or {@link #tried()}, may have changed
     */
    public WatchedList(
            String path,
            QueryMode mode,
            ListReader<K, V> reader,
            WatchContext context,
            OutageLog outages,
            Runnable changed) {
        this.path = path;
        this.reader = reader;
        this.context = context;
        this.outages = outages;
        this.changed = changed;
        this.preservation = new SelfPreservation<>(context.retainFor(), context.nanoTime());
        this.loop = new QueryLoop<>(path, mode, new Responses(), context);
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
        return responded || state.failedAt() != null;
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
        return state;
    }

    private void awaitExpiry() {
        cancelExpiry();
        Duration until = preservation.untilExpiry();
        if (until != null && !closed) {
            expiry = context.vertx().setTimer(until.toMillis() + 1, fired -> {
                expiry = null;
                preservation.expire();
                awaitExpiry();
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
        public void responded(Map<K, V> data, long index, boolean inDoubt) {
            responded = true;
            doubtful = inDoubt;
            succeeded(index);
            preservation.update(data, inDoubt);
            awaitExpiry();
            changed.run();
        }

        @Override
        public void confirmed() {
            succeeded(state.status().index());
        }

        private void succeeded(long index) {
            state = new ListState(new WatchStatus(index, context.clock().instant(), null, null, 0), null);
            outages.succeeded(path);
        }

        @Override
        public void failed(RegistryException failure) {
            boolean first = !tried();
            WatchStatus before = state.status();
            state = new ListState(
                    new WatchStatus(
                            before.index(),
                            before.lastResponse(),
                            null,
                            path + ": " + failure.getMessage(),
                            before.failures() + 1),
                    context.clock().instant());
            outages.failed(path, failure);
            if (first) {
                changed.run();
            }
        }
    }
}
