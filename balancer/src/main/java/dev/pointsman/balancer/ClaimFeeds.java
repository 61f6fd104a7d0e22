package dev.pointsman.balancer;

import dev.pointsman.balancer.route.ClaimTarget;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Watch;
import dev.pointsman.registry.WatchStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The feeds of the pools whose instances announce their route: hands on what is known of each target. For the control
 * plane's context.
 */
final class ClaimFeeds {
    private final List<ClaimWatch> watches = new ArrayList<>();
    private Map<ClaimTarget, ServiceView> views = Map.of();

    /** Takes what is known now: for pools that come from now on, and for the others with {@link #publish}. */
    void prepare(Map<ClaimTarget, ServiceView> next) {
        views = new HashMap<>(next);
    }

    /** Tells every pool what is known now. */
    void publish() {
        List.copyOf(watches).forEach(watch -> watch.show(view(watch.claimed)));
    }

    private ServiceView view(ClaimTarget target) {
        ServiceView known = views.get(target);
        return known == null ? new ServiceView(target.name(), List.of()) : known;
    }

    /**
     * Follows the instances of one target; the listener is called before this returns, too.
     *
     * @param status of where it is known from
     */
    Watch follow(ClaimTarget target, Consumer<ServiceView> listener, Supplier<WatchStatus> status) {
        ClaimWatch watch = new ClaimWatch(target, listener, status);
        watches.add(watch);
        watch.show(view(target));
        return watch;
    }

    private final class ClaimWatch implements Watch {
        private final ClaimTarget claimed;
        private final Consumer<ServiceView> listener;
        private final Supplier<WatchStatus> status;
        private final CompletableFuture<ServiceView> first = new CompletableFuture<>();
        private @Nullable ServiceView shown;

        ClaimWatch(ClaimTarget claimed, Consumer<ServiceView> listener, Supplier<WatchStatus> status) {
            this.claimed = claimed;
            this.listener = listener;
            this.status = status;
        }

        void show(ServiceView view) {
            if (!view.equals(shown)) {
                shown = view;
                listener.accept(view);
                first.complete(view);
            }
        }

        @Override
        public String target() {
            return claimed.name();
        }

        @Override
        public CompletionStage<ServiceView> firstView() {
            return first.minimalCompletionStage();
        }

        @Override
        public WatchStatus status() {
            return status.get();
        }

        @Override
        public void close() {
            watches.remove(this);
        }
    }
}
