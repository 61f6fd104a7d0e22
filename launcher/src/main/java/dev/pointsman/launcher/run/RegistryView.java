package dev.pointsman.launcher.run;

import dev.pointsman.launcher.drain.DrainSubject;
import dev.pointsman.launcher.drain.RegisteredBalancer;
import dev.pointsman.launcher.loop.Loop;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.Registry;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The registry's view of the launcher's types and of the balancers, kept up to date by watches as balancers use them too.
 * Confined to its loop.
 */
public final class RegistryView {
    private final Registry registry;
    private final Loop loop;
    private final Map<String, Watch> watches = new HashMap<>();
    private final Map<String, ServiceView> views = new HashMap<>();
    private final List<ListedWaiter> waiters = new ArrayList<>();

    private record ListedWaiter(String type, String id, CompletableFuture<Boolean> done) {}

    public RegistryView(Registry registry, Loop loop) {
        this.registry = registry;
        this.loop = loop;
    }

    /** Begins to follow a service; once for each name. */
    public void follow(String service) {
        watches.computeIfAbsent(service, name -> registry.watch(name, view -> loop.execute(() -> changed(view))));
    }

    /** Stops to follow a service. */
    void forget(String service) {
        Watch watch = watches.remove(service);
        if (watch != null) {
            watch.close();
        }
        views.remove(service);
    }

    /** Completes on the loop, with whether the registry lists the instance as passing or warning within the bound. */
    CompletionStage<Boolean> isListed(String type, String id, Duration bound) {
        ListedWaiter waiter = new ListedWaiter(type, id, new CompletableFuture<>());
        waiters.add(waiter);
        Loop.LoopTimer timer = loop.after(bound, () -> {
            waiters.remove(waiter);
            waiter.done.complete(false);
        });
        loop.then(waiter.done, done -> timer.cancel());
        completeListedWaiters();
        return waiter.done;
    }

    /** The instance under the names that balancers know it by. */
    DrainSubject subject(String type, String id) {
        return new DrainSubject(
                id, find(type, id).map(instance -> instance.key().node()).orElse(null));
    }

    /** The balancers that are registered at this moment. */
    public List<RegisteredBalancer> balancers() {
        ServiceView view = views.get(RegisteredBalancer.SERVICE);
        return view == null
                ? List.of()
                : view.instances().stream()
                        .filter(instance -> instance.service().equals(RegisteredBalancer.SERVICE))
                        .map(RegisteredBalancer::of)
                        .toList();
    }

    private Optional<Instance> find(String type, String id) {
        ServiceView view = views.get(type);
        return view == null
                ? Optional.empty()
                : view.instances().stream()
                        .filter(instance -> instance.key().id().equals(id))
                        .findFirst();
    }

    private void changed(ServiceView view) {
        if (watches.containsKey(view.target())) {
            views.put(view.target(), view);
            completeListedWaiters();
        }
    }

    private void completeListedWaiters() {
        for (ListedWaiter waiter : List.copyOf(waiters)) {
            Optional<Instance> found = find(waiter.type, waiter.id);
            if (found.isPresent() && takesTraffic(found.get().health())) {
                waiters.remove(waiter);
                waiter.done.complete(true);
            }
        }
    }

    private static boolean takesTraffic(Health health) {
        return health == Health.PASSING || health == Health.WARNING;
    }
}
