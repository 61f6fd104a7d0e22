package dev.pointsman.registry.consul.internal.query;

import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.WatchStatus;
import dev.pointsman.registry.consul.internal.log.OutageLog;
import dev.pointsman.registry.consul.internal.query.ListView.ListState;
import org.jspecify.annotations.Nullable;

/**
 * The state of the queries for one list, as it is shown: kept by the list as its responses and failures come, and told to the
 * log of outages. Lives on one Vert.x context; only {@link #state()} may be read from any thread.
 */
public final class QueryStatus {
    private final String path;
    private final WatchContext context;
    private final OutageLog outages;
    private volatile ListState state = ListState.NEW;

    /**
     * Creates the state before the first query.
     *
     * @param path how sentences call the list
     * @param outages gets each success and failure
     */
    public QueryStatus(String path, WatchContext context, OutageLog outages) {
        this.path = path;
        this.context = context;
        this.outages = outages;
    }

    /** The state at this moment. Any thread. */
    public ListState state() {
        return state;
    }

    /** Notes a good response. */
    public void succeeded(long index) {
        state = ListState.good(new WatchStatus(index, context.clock().instant(), null, null, 0));
        outages.succeeded(path);
    }

    /** Notes a failed attempt. */
    public void failed(RegistryException failure) {
        WatchStatus before = state.status();
        state = new ListState(
                new WatchStatus(
                        before.index(),
                        before.lastResponse(),
                        null,
                        path + ": " + failure.getMessage(),
                        before.failures() + 1),
                context.clock().instant(),
                failure.kind());
        outages.failed(path, failure);
    }

    /** Says why entries count that the newest response does not list, or with null that there are none; a failure is kept. */
    public void doubted(@Nullable String reason) {
        WatchStatus status = state.status();
        if (state.failedAt() == null) {
            String sentence = reason == null ? null : path + ": " + reason;
            state = ListState.good(new WatchStatus(status.index(), status.lastResponse(), null, sentence, 0));
        }
    }
}
