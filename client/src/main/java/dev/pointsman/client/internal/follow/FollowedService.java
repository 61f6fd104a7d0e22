package dev.pointsman.client.internal.follow;

import dev.pointsman.client.HedgeAfter;
import dev.pointsman.client.ServiceAddress;
import dev.pointsman.latency.ResponseTimes;
import dev.pointsman.pool.Pool;
import dev.pointsman.pool.PoolSnapshot;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Watch;
import dev.pointsman.retry.RetryBudget;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A service that calls are sent to: its pool, with what its calls so far have shown. Thread-safe. */
public final class FollowedService {
    private final ServiceAddress address;
    private final Pool pool;
    private final String registry;
    private final RetryBudget retries;
    private final RetryBudget hedges;
    private final @Nullable ResponseTimes responseTimes;
    private final CompletableFuture<Void> known = new CompletableFuture<>();
    private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();
    private volatile List<Watch> watches = List.of();
    private volatile boolean closed;
    private volatile @Nullable String stickyToken;

    /**
     * A service of which nothing is known yet.
     *
     * @param registry how the registry is called in messages
     * @param hedge whether the times of responses are to be kept, for hedges
     */
    FollowedService(
            ServiceAddress address, Pool pool, String registry, @Nullable HedgeAfter hedge, LongSupplier nanos) {
        this.address = address;
        this.pool = pool;
        this.registry = registry;
        this.retries = RetryBudget.ofRetries(nanos);
        this.hedges = RetryBudget.ofHedges(nanos);
        this.responseTimes =
                hedge == null || hedge.time() != null ? null : new ResponseTimes(hedge.percentile(), nanos);
    }

    /** Takes a view of the service; instances without the address's tag are left out. */
    void take(ServiceView view) {
        String tag = address.tag();
        pool.apply(tag == null ? view : carrying(tag, view));
    }

    private static ServiceView carrying(String tag, ServiceView view) {
        List<Instance> with = view.instances().stream()
                .filter(instance -> instance.tags().contains(tag))
                .toList();
        return new ServiceView(view.target(), with, view.retained(), view.stale());
    }

    /** Notes the watches that feed it; it is known with the first view of any of them. */
    void fedBy(List<Watch> feeding) {
        watches = List.copyOf(feeding);
        feeding.forEach(watch -> watch.firstView().thenRun(() -> {
            known.complete(null);
            runWaiting();
        }));
    }

    private void runWaiting() {
        for (Runnable action : List.copyOf(waiting)) {
            if (waiting.remove(action)) {
                action.run();
            }
        }
    }

    public ServiceAddress address() {
        return address;
    }

    /** The instances at this moment. */
    public PoolSnapshot snapshot() {
        return pool.snapshot();
    }

    public Pool pool() {
        return pool;
    }

    /** Whether the registry, or a file of an earlier process, has said where the instances are. */
    public boolean isKnown() {
        return known.isDone() && !known.isCompletedExceptionally();
    }

    /** Completes as soon as it {@linkplain #isKnown() is known}, on any thread; fails if the client is closed before. */
    public CompletionStage<Void> known() {
        return known.minimalCompletionStage();
    }

    /**
     * Runs an action as soon as it is known, or the client is closed and it never will be: once, on any thread; unless it is
     * {@linkplain #forget forgotten} before.
     */
    public void whenKnown(Runnable action) {
        waiting.add(action);
        if (known.isDone()) {
            runWaiting();
        }
    }

    /** Forgets an action that {@link #whenKnown} was given, and all that it holds. */
    public void forget(Runnable action) {
        waiting.remove(action);
    }

    /** Why it is not known yet, as words that follow the service's name. */
    public String whyUnknown() {
        return "where its instances are is not known, as "
                + watches.get(0).status().whyNoView(registry);
    }

    /** Why no instance can be picked although it is known, as words that follow the service's name. */
    public String whyNone() {
        return pool.snapshot().upstreams().isEmpty()
                ? "no instance of this service is registered"
                : "no instance of this service is available right now";
    }

    /** The budget of requests that are sent again. */
    public RetryBudget retries() {
        return retries;
    }

    /** The budget of requests that go to a second instance as well. */
    public RetryBudget hedges() {
        return hedges;
    }

    /** The times that its latest responses took; null where no hedge goes by them. */
    public @Nullable ResponseTimes responseTimes() {
        return responseTimes;
    }

    /** The token by which a sticky policy finds the instance of this client again; null before the first response. */
    public @Nullable String stickyToken() {
        return stickyToken;
    }

    public void keepStickyToken(String token) {
        stickyToken = token;
    }

    /** Whether the client is closed, so that no further attempt is made. */
    public boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
        watches.forEach(Watch::close);
        known.completeExceptionally(new IllegalStateException("the client is closed"));
        runWaiting();
    }
}
