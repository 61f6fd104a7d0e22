package dev.pointsman.registry.consul;

import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Watch;
import dev.pointsman.registry.WatchStatus;
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
 * One target: the service of that name, and the services with instances that carry the tag. Lives on one Vert.x context,
 * but for the methods of {@link Watch}.
 */
final class TargetWatch implements Watch {
    private static final Logger LOG = LoggerFactory.getLogger(TargetWatch.class);

    private final String target;
    private final Consumer<ServiceView> listener;
    private final ConsulRegistry registry;
    private final CompletableFuture<ServiceView> first = new CompletableFuture<>();
    private final Once duplicates = new Once(sentence -> LOG.warn("Consul lists {}", sentence));
    private final Runnable refresh = this::refresh;
    private final Map<String, Feed<InstanceKey, Instance>> feeds = new LinkedHashMap<>();

    private @Nullable ServiceView last;
    private boolean patient = true;
    private volatile @Nullable Instant changedAt;
    private volatile List<Feed<?, ?>> sources = List.of();
    private volatile boolean closed;

    TargetWatch(String target, Consumer<ServiceView> listener, ConsulRegistry registry) {
        this.target = target;
        this.listener = listener;
        this.registry = registry;
    }

    /** Follows the services that the catalog knows of by now, and publishes the view if it is a new one. */
    void refresh() {
        if (closed) {
            return;
        }
        follow();
        List<Union.Part> parts = new ArrayList<>();
        feeds.forEach((service, feed) -> {
            if (feed.answered() || feed.unverified()) {
                parts.add(new Union.Part(service, feed.view(), feed.held(), feed.unverified()));
            }
        });
        Union.Merged merged = Union.of(target, parts);
        boolean complete = complete(merged.view());
        boolean remembered = !merged.view().unverified().isEmpty();
        if (last == null && !complete && !remembered) {
            return;
        }
        duplicates.say(merged.duplicates());
        publish(merged.view());
        if (complete || (remembered && !patient)) {
            first.complete(merged.view());
        }
    }

    /** Consul has had its time for the first view: what is remembered is good enough from now on. */
    void makeDo() {
        patient = false;
        refresh();
    }

    /** The context's part of {@link #close()}. */
    void releaseAll() {
        closed = true;
        feeds.keySet().forEach(service -> registry.services().release(service, refresh));
        feeds.clear();
        first.cancel(false);
    }

    /** Whether there was a view that was worth beginning with. */
    boolean hasBegun() {
        return first.isDone();
    }

    /** Whether that view has something in it that is only remembered. */
    boolean isUnverified() {
        return last != null && !last.unverified().isEmpty();
    }

    boolean isClosed() {
        return closed;
    }

    private void follow() {
        // The service of the target's name comes first, here and in the status.
        Set<String> wanted = new LinkedHashSet<>();
        wanted.add(target);
        wanted.addAll(registry.carriers(target));
        for (String service : List.copyOf(feeds.keySet())) {
            if (!wanted.contains(service)) {
                feeds.remove(service);
                registry.services().release(service, refresh);
            }
        }
        for (String service : wanted) {
            if (!feeds.containsKey(service)) {
                feeds.put(service, registry.services().acquire(service, refresh));
            }
        }
        List<Feed<?, ?>> all = new ArrayList<>(feeds.values());
        all.addAll(registry.shared());
        sources = List.copyOf(all);
    }

    /**
     * Whether this may be the first view: everything was looked up. Where looking up goes on failing, some instances are
     * enough to begin with, but none are no answer.
     */
    private boolean complete(ServiceView view) {
        boolean answered =
                registry.catalog().answered() && feeds.values().stream().allMatch(Feed::answered);
        boolean tried = registry.catalog().tried() && feeds.values().stream().allMatch(Feed::tried);
        return answered || (tried && !view.instances().isEmpty());
    }

    private void publish(ServiceView view) {
        if (view.equals(last)) {
            return;
        }
        last = view;
        changedAt = registry.now();
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
        List<Feed.State> states = sources.stream().<Feed.State>map(Feed::state).toList();
        return states.isEmpty() ? WatchStatus.NEW : summary(states, changedAt);
    }

    /** The index of the service that has the target's name, which comes first; of the others the newest of each. */
    private static WatchStatus summary(Collection<Feed.State> states, @Nullable Instant changedAt) {
        List<WatchStatus> all = states.stream().map(Feed.State::status).toList();
        long own = all.get(0).index();
        long highest =
                all.stream().map(WatchStatus::index).max(Long::compareUnsigned).orElse(own);
        Instant lastAnswer = all.stream()
                .map(WatchStatus::lastAnswer)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
        String lastError = states.stream()
                .filter(s -> s.failedAt() != null)
                .max(Comparator.comparing(Feed.State::failedAt))
                .map(s -> s.status().lastError())
                .orElse(null);
        int failures = all.stream().mapToInt(WatchStatus::failures).max().orElse(0);
        return new WatchStatus(own != 0 ? own : highest, lastAnswer, changedAt, lastError, failures);
    }

    @Override
    public void close() {
        closed = true;
        registry.ended(this);
    }
}
