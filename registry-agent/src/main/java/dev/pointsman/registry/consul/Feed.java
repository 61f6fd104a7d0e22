package dev.pointsman.registry.consul;

import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.WatchStatus;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One list of Consul's, followed: what it lists now, and what is held of what it listed before. Lives on one Vert.x
 * context; only {@link #state()} may be read from any thread.
 *
 * @param <K> what is listed
 * @param <V> the facts about it
 */
final class Feed<K, V> implements QueryLoop.Follower<Map<K, V>> {
    /** Reads an answer's body. */
    @FunctionalInterface
    interface Reader<K, V> {
        Map<K, V> read(Buffer body) throws RegistryException;
    }

    /**
     * How the feed is doing.
     *
     * @param status as a {@link dev.pointsman.registry.Watch} reports it
     * @param failedAt when it last failed, or null if the newest answer was good
     */
    record State(WatchStatus status, @Nullable Instant failedAt) {}

    private final String path;
    private final Reader<K, V> reader;
    private final Tools tools;
    private final Outages outages;
    private final Consumer<Feed<K, V>> changed;
    private final Holding<K, V> holding;
    private final QueryLoop<Map<K, V>> loop;

    private volatile State state = new State(WatchStatus.NEW, null);
    private boolean answered;
    private boolean recalled;
    private boolean doubtful;
    private @Nullable Long expiry;
    private boolean closed;

    /**
     * @param path what to ask, percent-encoded, without parameters
     * @param manner how to ask
     * @param reader reads the answers
     * @param tools to work with
     * @param outages is told of each success and failure
     * @param changed called with this feed after the view, or {@link #answered()} or {@link #tried()}, may have changed
     */
    Feed(
            String path,
            QueryManner manner,
            Reader<K, V> reader,
            Tools tools,
            Outages outages,
            Consumer<Feed<K, V>> changed) {
        this.path = path;
        this.reader = reader;
        this.tools = tools;
        this.outages = outages;
        this.changed = changed;
        this.holding = new Holding<>(tools.options().holdFor(), tools.nanoTime());
        this.loop = new QueryLoop<>(path, manner, this, tools);
    }

    /**
     * Begins with what an earlier process knew: it is the view until Consul answers. To be called before the start.
     *
     * @param index of the answer that it came with
     */
    void recall(Map<K, V> remembered, long index) {
        recalled = true;
        holding.recall(remembered);
        loop.recall(index);
    }

    void start() {
        loop.start();
    }

    void close() {
        closed = true;
        loop.close();
        cancelExpiry();
        outages.forget(path);
    }

    /** See {@link QueryLoop#wake}. */
    void wake(boolean inDoubt) {
        loop.wake(inDoubt);
    }

    void restartIfStuck() {
        loop.restartIfStuck();
    }

    /** Whether the view is more than a blank. */
    boolean answered() {
        return answered;
    }

    /** Whether the newest answer was a doubtful one, see {@link BlockingQuery#doubtful()}. */
    boolean doubtful() {
        return doubtful;
    }

    /** Whether the view is one that was remembered, and Consul has not said anything yet. */
    boolean unverified() {
        return recalled && !answered;
    }

    /** Whether the first attempt is over, well or badly. */
    boolean tried() {
        return answered || state.failedAt() != null;
    }

    /** The listed and the held. */
    Map<K, V> view() {
        return holding.view();
    }

    /** Those of the view that are held, see {@link Holding}. */
    Set<K> held() {
        return holding.held();
    }

    State state() {
        return state;
    }

    @Override
    public Map<K, V> read(Buffer body) throws RegistryException {
        return reader.read(body);
    }

    @Override
    public boolean isEmpty(Map<K, V> data) {
        return data.isEmpty();
    }

    @Override
    public void answered(Map<K, V> data, long index, boolean inDoubt) {
        answered = true;
        doubtful = inDoubt;
        state = new State(new WatchStatus(index, tools.clock().instant(), null, null, 0), null);
        outages.answered(path);
        holding.update(data, inDoubt);
        awaitExpiry();
        changed.accept(this);
    }

    @Override
    public void confirmed() {
        state = new State(new WatchStatus(state.status().index(), tools.clock().instant(), null, null, 0), null);
        outages.answered(path);
    }

    @Override
    public void failed(RegistryException failure) {
        boolean first = !tried();
        WatchStatus before = state.status();
        state = new State(
                new WatchStatus(
                        before.index(),
                        before.lastAnswer(),
                        null,
                        path + ": " + failure.getMessage(),
                        before.failures() + 1),
                tools.clock().instant());
        outages.failed(path, failure);
        if (first) {
            changed.accept(this);
        }
    }

    private void awaitExpiry() {
        cancelExpiry();
        Duration until = holding.untilExpiry();
        if (until != null && !closed) {
            expiry = tools.vertx().setTimer(until.toMillis() + 1, fired -> {
                expiry = null;
                holding.expire();
                awaitExpiry();
                changed.accept(this);
            });
        }
    }

    private void cancelExpiry() {
        if (expiry != null) {
            tools.vertx().cancelTimer(expiry);
            expiry = null;
        }
    }
}
