package dev.pointsman.client;

import dev.pointsman.registry.Instance;
import dev.pointsman.registry.Registry;
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
import org.jspecify.annotations.Nullable;

/** A registry that lists what a test says. */
final class ListedServices implements Registry {
    private final Map<String, List<Instance>> listed = new HashMap<>();
    private final List<FollowedTarget> watches = new ArrayList<>();

    /** Lists these instances, and no others, from now on. */
    synchronized void list(String service, Instance... instances) {
        listed.put(service, List.of(instances));
        List.copyOf(watches).stream()
                .filter(watch -> watch.target.equals(service))
                .forEach(FollowedTarget::pass);
    }

    /** The number of open watches. */
    synchronized int watches() {
        return watches.size();
    }

    @Override
    public synchronized Watch watch(String target, Consumer<ServiceView> listener) {
        FollowedTarget watch = new FollowedTarget(target, listener);
        watches.add(watch);
        watch.pass();
        return watch;
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return "the list";
    }

    private final class FollowedTarget implements Watch {
        private final String target;
        private final Consumer<ServiceView> listener;
        private final CompletableFuture<ServiceView> first = new CompletableFuture<>();

        FollowedTarget(String target, Consumer<ServiceView> listener) {
            this.target = target;
            this.listener = listener;
        }

        void pass() {
            @Nullable List<Instance> instances = listed.get(target);
            if (instances != null) {
                ServiceView view = new ServiceView(target, instances);
                listener.accept(view);
                first.complete(view);
            }
        }

        @Override
        public String target() {
            return target;
        }

        @Override
        public CompletionStage<ServiceView> firstView() {
            return first;
        }

        @Override
        public WatchStatus status() {
            return WatchStatus.NEW;
        }

        @Override
        public void close() {
            synchronized (ListedServices.this) {
                watches.remove(this);
            }
        }
    }
}
