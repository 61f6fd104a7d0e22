package dev.pointsman.registry.consul.internal.view;

import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Watch;
import dev.pointsman.registry.WatchStatus;
import dev.pointsman.registry.consul.internal.json.ServiceTag;
import dev.pointsman.registry.consul.internal.log.LogOnce;
import dev.pointsman.registry.consul.internal.query.ListView;
import dev.pointsman.registry.consul.internal.query.ListView.ListState;
import dev.pointsman.registry.consul.internal.query.WatchContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
 * The watch of one target: the service of that name, and the services with instances that carry the tag. Lives on one
 * Vert.x context, but for the methods of {@link Watch}.
 */
public final class TargetWatch implements Watch {
    /** The time that Consul has for the first view before a stale one will do; on a network it takes a few ms. */
    private static final Duration PATIENCE = Duration.ofMillis(250);

    private static final Logger LOG = LoggerFactory.getLogger(TargetWatch.class);

    private final String target;
    private final Consumer<ServiceView> listener;
    private final TargetLists lists;
    private final WatchContext context;
    private final Consumer<TargetWatch> closing;
    private final CompletableFuture<ServiceView> first = new CompletableFuture<>();
    private final LogOnce duplicates = new LogOnce(sentence -> LOG.warn("Consul lists {}", sentence));
    private final Runnable serviceChanged = this::refresh;
    private final Runnable catalogChanged = this::catalogChanged;
    private final Map<String, ListView<InstanceKey, Instance>> services = new LinkedHashMap<>();

    private @Nullable ListView<ServiceTag, ServiceTag> catalog;
    private Set<String> carriers = Set.of();
    private @Nullable ServiceView last;
    private boolean patient = true;
    private volatile @Nullable Instant changedAt;
    private volatile List<ListView<?, ?>> sources = List.of();
    private volatile boolean closed;

    /**
     * Creates a watch that has not begun.
     *
     * @param target a tag or a service's name
     * @param listener is given each view that differs from the one before it
     * @param lists what the views are made of
     * @param closing called, on any thread, when the watch is closed; it has to call {@link #end} on the context
     */
    public TargetWatch(
            String target,
            Consumer<ServiceView> listener,
            TargetLists lists,
            WatchContext context,
            Consumer<TargetWatch> closing) {
        this.target = target;
        this.listener = listener;
        this.lists = lists;
        this.context = context;
        this.closing = closing;
    }

    /** Begins to follow the target, unless the watch was closed before. */
    public void begin() {
        if (closed) {
            return;
        }
        catalog = lists.acquireCatalog(catalogChanged);
        refresh();
        if (lists.hasUnusedCache() || (last != null && !last.stale().isEmpty())) {
            context.vertx().setTimer(PATIENCE.toMillis(), late -> acceptStale());
        }
    }

    /** Releases every list: the part of {@link #close()} that runs on the context. Idempotent. */
    public void end() {
        closed = true;
        services.keySet().forEach(service -> lists.release(service, serviceChanged));
        services.clear();
        lists.releaseCatalog(catalogChanged);
        first.cancel(false);
    }

    /** Handles a change of the catalog, which comes with every instance that comes or goes; few concern this target. */
    private void catalogChanged() {
        if (!first.isDone() || !lists.carriers(target).equals(carriers)) {
            refresh();
        }
    }

    /** Accepts a stale first view from now on, as Consul has had its time. */
    private void acceptStale() {
        patient = false;
        refresh();
    }

    /** Follows the services that the catalog knows of by now, and publishes the view if it is a new one. */
    private void refresh() {
        ListView<ServiceTag, ServiceTag> tags = catalog;
        if (closed || tags == null) {
            return;
        }
        follow();
        List<ViewMerger.ServicePart> parts = new ArrayList<>();
        services.forEach((service, list) -> {
            if (list.responded() || list.stale()) {
                parts.add(new ViewMerger.ServicePart(service, list.entries(), list.retained(), list.stale()));
            }
        });
        ViewMerger.MergedView merged = ViewMerger.merge(target, parts);
        boolean complete = isComplete(tags, merged.view());
        boolean stale = !merged.view().stale().isEmpty();
        if (last == null && !complete && !stale) {
            return;
        }
        duplicates.log(merged.duplicates());
        publish(merged.view());
        if (complete || (stale && !patient)) {
            first.complete(merged.view());
        }
    }

    private void follow() {
        carriers = lists.carriers(target);
        // The service of the target's name comes first, here and in the status.
        Set<String> wanted = new LinkedHashSet<>();
        wanted.add(target);
        wanted.addAll(carriers);
        // A catalog that lost its data, or shows less of them, does not end what is retained, or cannot be read.
        services.forEach((service, list) -> {
            if (!list.retained().isEmpty() || list.state().failedAt() != null) {
                wanted.add(service);
            }
        });
        for (String service : List.copyOf(services.keySet())) {
            if (!wanted.contains(service)) {
                services.remove(service);
                lists.release(service, serviceChanged);
            }
        }
        for (String service : wanted) {
            if (!services.containsKey(service)) {
                services.put(service, lists.acquire(service, serviceChanged));
            }
        }
        List<ListView<?, ?>> all = new ArrayList<>(services.values());
        all.addAll(lists.common());
        sources = List.copyOf(all);
    }

    /**
     * Whether this may be the first view: everything was looked up. Where looking up goes on failing, some instances are
     * enough to begin with, but none are no view.
     */
    private boolean isComplete(ListView<ServiceTag, ServiceTag> tags, ServiceView view) {
        boolean responded = tags.responded() && services.values().stream().allMatch(ListView::responded);
        boolean tried = tags.tried() && services.values().stream().allMatch(ListView::tried);
        return responded || (tried && !view.instances().isEmpty());
    }

    private void publish(ServiceView view) {
        if (view.equals(last)) {
            return;
        }
        last = view;
        changedAt = context.clock().instant();
        try {
            listener.accept(view);
        } catch (RuntimeException e) {
            LOG.error("The view of {} was not taken over by its listener", target, e);
        }
    }

    @Override
    public String target() {
        return target;
    }

    @Override
    public CompletionStage<ServiceView> firstView() {
        return first.minimalCompletionStage();
    }

    @Override
    public WatchStatus status() {
        List<ListState> states =
                sources.stream().<ListState>map(ListView::state).toList();
        return states.isEmpty() ? WatchStatus.NEW : summary(states, changedAt);
    }

    /** The index of the service that has the target's name, which comes first; of the others the newest of each. */
    private static WatchStatus summary(Collection<ListState> states, @Nullable Instant changedAt) {
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
    public void close() {
        closed = true;
        closing.accept(this);
    }
}
