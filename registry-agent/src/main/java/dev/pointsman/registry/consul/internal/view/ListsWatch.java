package dev.pointsman.registry.consul.internal.view;

import dev.pointsman.registry.Following;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.WatchStatus;
import dev.pointsman.registry.consul.internal.json.ServiceTag;
import dev.pointsman.registry.consul.internal.query.ListView;
import dev.pointsman.registry.consul.internal.query.ListView.ListState;
import dev.pointsman.registry.consul.internal.query.WatchContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A watch whose view is made of the lists of several services: it acquires and releases them as the catalog changes, decides
 * when there is enough for the first view, and gives views to the listener. What they are made of, and how, is a subclass's.
 * Lives on one Vert.x context, but for the methods of {@link Following}.
 *
 * @param <V> the views
 */
public abstract class ListsWatch<V> implements Following<V> {
    /** The time that Consul has for the first view before a stale one will do; on a network it takes a few ms. */
    private static final Duration PATIENCE = Duration.ofMillis(250);

    private static final Logger LOG = LoggerFactory.getLogger(ListsWatch.class);

    /**
     * A list that is followed, and how its changes are heard.
     *
     * @param user what acquired it
     */
    private record AcquiredList(ListView<InstanceKey, Instance> list, Runnable user) {}

    private final String name;
    private final Consumer<V> listener;
    private final TargetLists lists;
    private final WatchContext context;
    private final Consumer<ListsWatch<?>> closing;
    private final CompletableFuture<V> first = new CompletableFuture<>();
    private final Runnable catalogUser = this::catalogChanged;
    private final Map<String, AcquiredList> services = new LinkedHashMap<>();

    private @Nullable ListView<ServiceTag, ServiceTag> catalog;
    private @Nullable V last;
    private boolean patient = true;
    private volatile @Nullable Instant changedAt;
    private volatile List<ListView<?, ?>> sources = List.of();
    private volatile boolean closed;

    /**
     * Creates a watch that has not begun.
     *
     * @param name what is followed, for sentences
     * @param listener is given each view that differs from the one before it
     * @param lists what the views are made of
     * @param closing called, on any thread, when the watch is closed; it has to call {@link #end} on the context
     */
    ListsWatch(
            String name,
            Consumer<V> listener,
            TargetLists lists,
            WatchContext context,
            Consumer<ListsWatch<?>> closing) {
        this.name = name;
        this.listener = listener;
        this.lists = lists;
        this.context = context;
        this.closing = closing;
    }

    /** Handles a change of the catalog, which comes with every instance that comes or goes; few concern a watch. */
    abstract void catalogChanged();

    /** Handles a change of a service's list. */
    abstract void serviceChanged(String service);

    /** Makes the view anew and offers it, at the beginning and when a stale one will do. */
    abstract void refresh();

    /** The lists that the state is told of, that whose index counts first. */
    abstract List<ListView<?, ?>> inOrder(List<ListView<?, ?>> ofServices, List<ListView<?, ?>> common);

    /** Begins to follow, unless the watch was closed before. */
    public final void begin() {
        if (closed) {
            return;
        }
        catalog = lists.acquireCatalog(catalogUser);
        refresh();
        if (lists.hasUnusedCache() || hasStale()) {
            context.vertx().setTimer(PATIENCE.toMillis(), late -> acceptStale());
        }
    }

    /** Releases every list: the part of {@link #close()} that runs on the context. Idempotent. */
    public final void end() {
        closed = true;
        services.forEach((service, acquired) -> lists.release(service, acquired.user));
        services.clear();
        lists.releaseCatalog(catalogUser);
        first.cancel(false);
    }

    /** Accepts a stale first view from now on, as Consul has had its time. */
    private void acceptStale() {
        patient = false;
        refresh();
    }

    final TargetLists lists() {
        return lists;
    }

    final WatchContext context() {
        return context;
    }

    /** Whether there is anything to make a view of: the watch has begun, and was not closed. */
    final boolean isFollowing() {
        return !closed && catalog != null;
    }

    /** Whether the first view is out. */
    final boolean hasBegun() {
        return first.isDone();
    }

    /** The newest view that the listener was given. */
    final @Nullable V last() {
        return last;
    }

    /** Whether a service that is not wanted any more is to be followed all the same. */
    private static boolean isHeld(ListView<?, ?> list) {
        // A catalog that lost its data, or shows less of them, does not end what is retained, or cannot be read.
        return !list.retained().isEmpty() || list.state().failedAt() != null;
    }

    /**
     * Follows the lists of these services, in this order, and no others but those that are in doubt.
     *
     * @return the services whose lists are followed since now, or not any more
     */
    final Set<String> followServices(Set<String> wanted) {
        Set<String> different = new HashSet<>();
        for (String service : List.copyOf(services.keySet())) {
            AcquiredList acquired = services.get(service);
            if (acquired != null && !wanted.contains(service) && !isHeld(acquired.list)) {
                services.remove(service);
                lists.release(service, acquired.user);
                different.add(service);
            }
        }
        for (String service : wanted) {
            if (!services.containsKey(service)) {
                Runnable user = () -> serviceChanged(service);
                services.put(service, new AcquiredList(lists.acquire(service, user), user));
                different.add(service);
            }
        }
        List<ListView<?, ?>> followed = new ArrayList<>();
        services.values().forEach(acquired -> followed.add(acquired.list));
        sources = List.copyOf(inOrder(followed, lists.common()));
        return different;
    }

    /** The services whose lists are followed. */
    final Set<String> followed() {
        return services.keySet();
    }

    /** What a service's list says; null as long as neither Consul nor the cache has said anything. */
    final @Nullable ServiceView viewOf(String service) {
        AcquiredList acquired = services.get(service);
        if (acquired == null || !(acquired.list.responded() || acquired.list.stale())) {
            return null;
        }
        ListView<InstanceKey, Instance> list = acquired.list;
        Map<InstanceKey, Instance> entries = list.entries();
        return new ServiceView(
                service, List.copyOf(entries.values()), list.retained(), list.stale() ? entries.keySet() : Set.of());
    }

    /**
     * Gives the listener a view, unless it is the one before, or the first one is to wait for more.
     *
     * @param hasInstances whether there is an instance in it
     * @param isStale whether anything of it is from the cache
     * @return false if it is to wait
     */
    final boolean offer(V view, boolean hasInstances, boolean isStale) {
        boolean complete = first.isDone() || isComplete(hasInstances);
        if (last == null && !complete && !isStale) {
            return false;
        }
        publish(view);
        if (complete || (isStale && !patient)) {
            first.complete(view);
        }
        return true;
    }

    /**
     * Whether this may be the first view: everything was looked up. Where looking up goes on failing, some instances are
     * enough to begin with, but none are no view.
     */
    private boolean isComplete(boolean hasInstances) {
        ListView<ServiceTag, ServiceTag> tags = catalog;
        if (tags == null) {
            return false;
        }
        boolean responded = tags.responded() && services.values().stream().allMatch(each -> each.list.responded());
        boolean tried = tags.tried() && services.values().stream().allMatch(each -> each.list.tried());
        return responded || (tried && hasInstances);
    }

    private boolean hasStale() {
        return services.values().stream()
                .anyMatch(each -> each.list.stale() && !each.list.entries().isEmpty());
    }

    private void publish(V view) {
        if (view.equals(last)) {
            return;
        }
        last = view;
        changedAt = context.clock().instant();
        try {
            listener.accept(view);
        } catch (RuntimeException e) {
            LOG.error("The view of {} was not taken over by its listener", name, e);
        }
    }

    @Override
    public final CompletionStage<V> firstView() {
        return first.minimalCompletionStage();
    }

    @Override
    public final WatchStatus status() {
        List<ListState> states =
                sources.stream().<ListState>map(ListView::state).toList();
        return states.isEmpty() ? WatchStatus.NEW : summary(states, changedAt);
    }

    /** The index of the list that comes first; of all else the newest of each. */
    private static WatchStatus summary(List<ListState> states, @Nullable Instant changedAt) {
        List<WatchStatus> all = states.stream().map(ListState::status).toList();
        long own = all.get(0).index();
        long highest =
                all.stream().map(WatchStatus::index).max(Long::compareUnsigned).orElse(own);
        Instant lastResponse = all.stream()
                .map(WatchStatus::lastResponse)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
        String lastError = states.stream()
                .filter(s -> s.status().lastError() != null)
                .max(Comparator.comparing(ListState::failedAt, Comparator.nullsFirst(Comparator.naturalOrder())))
                .map(s -> s.status().lastError())
                .orElse(null);
        int failures = all.stream().mapToInt(WatchStatus::failures).max().orElse(0);
        return new WatchStatus(own != 0 ? own : highest, lastResponse, changedAt, lastError, failures);
    }

    @Override
    public final void close() {
        closed = true;
        closing.accept(this);
    }
}
