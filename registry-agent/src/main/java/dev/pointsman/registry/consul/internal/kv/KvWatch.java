package dev.pointsman.registry.consul.internal.kv;

import dev.pointsman.registry.Following;
import dev.pointsman.registry.KvEntry;
import dev.pointsman.registry.KvView;
import dev.pointsman.registry.OneLine;
import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.WatchStatus;
import dev.pointsman.registry.consul.internal.json.KvJson;
import dev.pointsman.registry.consul.internal.log.OutageLog;
import dev.pointsman.registry.consul.internal.query.Doubt;
import dev.pointsman.registry.consul.internal.query.ListQuery;
import dev.pointsman.registry.consul.internal.query.QueryLoop;
import dev.pointsman.registry.consul.internal.query.QueryMode;
import dev.pointsman.registry.consul.internal.query.QueryStatus;
import dev.pointsman.registry.consul.internal.query.WatchContext;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watch of one key, or of all keys with a prefix, by a blocking query that the leader responds to: what people and balancers write
 * is not to be read in an old state. What is listed counts at once. What is not listed any more counts until Consul confirms
 * that it is gone:
 *
 * <ul>
 *   <li>Each key that is missing, {@value #MOST_ASKED} at the most, is read by itself, after a quorum has confirmed the leader. A token
 *       that lost its rights gets an empty list and no word about it, but a 403 for a key.
 *   <li>An index that went backwards is confirmed in the same way: a leader that begins knows less for a moment.
 *   <li>A list that is empty, at an index that went backwards, comes from a Consul that lost its data: nobody deleted anything. What
 *       was known counts until a key is listed again.
 * </ul>
 *
 * Lives on one Vert.x context, but for the methods of {@link Following}.
 */
public final class KvWatch implements Following<KvView> {
    static final int MOST_ASKED = 8;

    private static final Logger LOG = LoggerFactory.getLogger(KvWatch.class);

    private final KvPath path;
    private final Consumer<KvView> listener;
    private final WatchContext context;
    private final OutageLog outages;
    private final Consumer<KvWatch> closing;
    private final ListQuery list;
    private final boolean wholePrefix;
    private final KvRequests requests;
    private final QueryStatus status;
    private final QueryLoop<Map<String, KvEntry>> loop;
    private final CompletableFuture<KvView> first = new CompletableFuture<>();

    private Map<String, KvEntry> entries = Map.of();
    private @Nullable KvView last;
    private long index;
    private boolean lostData;
    private volatile @Nullable Instant changedAt;
    private volatile boolean closed;

    /**
     * Creates a watch that has not begun.
     *
     * @param wholePrefix whether all keys that begin with the path are followed, or it alone
     * @param listener is given each view that differs from the one before it
     * @param closing called, on any thread, when the watch is closed; it has to call {@link #end} on the context
     */
    public KvWatch(
            KvPath path,
            boolean wholePrefix,
            Consumer<KvView> listener,
            KvRequests requests,
            WatchContext context,
            OutageLog outages,
            Consumer<KvWatch> closing) {
        this.path = path;
        this.wholePrefix = wholePrefix;
        this.listener = listener;
        this.requests = requests;
        this.context = context;
        this.outages = outages;
        this.closing = closing;
        this.list = new ListQuery(
                path.url(),
                wholePrefix ? "recurse&" : "",
                true,
                false,
                "key",
                wholePrefix ? path.prefixRule("read") : path.rule("read"));
        this.status = new QueryStatus(list.path(), context, outages);
        this.loop = new QueryLoop<>(list, QueryMode.KEYS, new ListedKeys(), context);
    }

    /** Begins to follow, unless the watch was closed before. */
    public void begin() {
        if (!closed) {
            loop.start();
        }
    }

    /** Ends the query: the part of {@link #close()} that runs on the context. Idempotent. */
    public void end() {
        closed = true;
        loop.close();
        outages.forget(list.path());
        first.cancel(false);
    }

    /** See {@link QueryLoop#restartIfStuck}. */
    public void restartIfStuck() {
        loop.restartIfStuck();
    }

    @Override
    public CompletionStage<KvView> firstView() {
        return first.minimalCompletionStage();
    }

    @Override
    public WatchStatus status() {
        WatchStatus now = status.state().status();
        return new WatchStatus(now.index(), now.lastResponse(), changedAt, now.lastError(), now.failures());
    }

    @Override
    public void close() {
        closed = true;
        closing.accept(this);
    }

    private void publish() {
        KvView view = new KvView(path.key(), List.copyOf(entries.values()));
        if (!closed && !view.equals(last)) {
            last = view;
            changedAt = context.clock().instant();
            try {
                listener.accept(view);
            } catch (RuntimeException e) {
                LOG.error("The keys at {} were not taken over by their listener", list.path(), e);
            }
        }
        first.complete(view);
    }

    /** Takes the loop's responses over. */
    private final class ListedKeys implements QueryLoop.Follower<Map<String, KvEntry>> {
        @Override
        public Map<String, KvEntry> read(Buffer body) throws RegistryException {
            return KvJson.read(body);
        }

        @Override
        public boolean isEmpty(Map<String, KvEntry> data) {
            return data.isEmpty();
        }

        @Override
        public @Nullable Future<Optional<Doubt>> review(
                Map<String, KvEntry> data, long responseIndex, boolean filtered) {
            List<KvPath> asked = entries.keySet().stream()
                    .filter(key -> !data.containsKey(key))
                    .map(KvPath::new)
                    .filter(KvPath::isExact)
                    .limit(MOST_ASKED)
                    .collect(Collectors.toCollection(ArrayList::new));
            boolean nothingAtFirst = wholePrefix && last == null && data.isEmpty();
            boolean wentBack = Long.compareUnsigned(responseIndex, index) < 0;
            if (nothingAtFirst || (wentBack && asked.isEmpty())) {
                asked.add(data.keySet().stream()
                        .map(KvPath::new)
                        .filter(KvPath::isExact)
                        .findFirst()
                        .orElse(path));
            }
            return asked.isEmpty() ? null : confirm(data, asked);
        }

        /** Reads keys one by one; completes with a doubt if that says something else than the list. */
        private Future<Optional<Doubt>> confirm(Map<String, KvEntry> data, List<KvPath> asked) {
            List<Future<Boolean>> same = asked.stream()
                    .map(key -> requests.get(key, list.rights())
                            .map(entry -> entry.equals(Optional.ofNullable(data.get(key.key())))))
                    .toList();
            return Future.all(same)
                    .map(all -> same.stream().allMatch(Future::result)
                            ? Optional.<Doubt>empty()
                            : Optional.of(Doubt.CONTRADICTED));
        }

        @Override
        public void responded(Map<String, KvEntry> data, long responseIndex, @Nullable Doubt doubt) {
            // What the loop itself doubts, because it had lost the connection, was looked into by the review.
            Doubt left = doubt == Doubt.LOST_STATE ? null : doubt;
            boolean doubted = left != null;
            boolean wentBack = Long.compareUnsigned(responseIndex, index) < 0;
            status.succeeded(responseIndex);
            if (left != null) {
                status.doubted(left.reason());
            }
            if (doubted && wentBack) {
                // All of it is older than what is known.
                return;
            }
            index = responseIndex;
            if (data.isEmpty() && !entries.isEmpty() && (wentBack || lostData)) {
                retain();
            } else {
                lostData = false;
                entries = doubted ? withMissing(data) : data;
            }
            publish();
        }

        private void retain() {
            status.doubted("Consul lost its data; the keys known before count until one is written there");
            if (!lostData) {
                lostData = true;
                LOG.warn(
                        "Consul lists no key at {} any more, and its index went backwards, so it has lost its data: going on"
                                + " with the {} keys known so far until one is written there",
                        OneLine.of(path.key()),
                        entries.size());
            }
        }

        private Map<String, KvEntry> withMissing(Map<String, KvEntry> data) {
            Map<String, KvEntry> all = new LinkedHashMap<>(entries);
            all.putAll(data);
            return all;
        }

        @Override
        public void confirmed() {
            status.succeeded(index);
        }

        @Override
        public void failed(RegistryException failure) {
            status.failed(failure);
        }
    }
}
