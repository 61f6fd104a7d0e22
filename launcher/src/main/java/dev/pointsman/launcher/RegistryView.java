package dev.pointsman.launcher;

import dev.pointsman.launcher.drain.Balancer;
import dev.pointsman.launcher.drain.Subject;
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
 * What the registry says of the launcher's types and of the balancers, by watching, as balancers see it themselves. Confined to
 * its loop.
 */
final class RegistryView {
    private final Registry registry;
    private final Loop loop;
    private final Map<String, Watch> watches = new HashMap<>();
    private final Map<String, ServiceView> views = new HashMap<>();
    private final List<Waiter> waiters = new ArrayList<>();

    private record Waiter(String type, String id, CompletableFuture<Boolean> done) {}

    RegistryView(Registry registry, Loop loop) {
        this.registry = registry;
        this.loop = loop;
    }

    /** Begins to follow a service; once for each name. */
    void follow(String service) {
        watches.computeIfAbsent(service, name -> registry.watch(name, view -> loop.execute(() -> changed(view))));
    }

    /** Follows it no longer. */
    void forget(String service) {
        Watch watch = watches.remove(service);
        if (watch != null) {
            watch.close();
        }
        views.remove(service);
    }

    /** Completes on the loop, with whether the registry lists the instance as one that may have traffic, in time. */
    CompletionStage<Boolean> isListed(String type, String id, Duration bound) {
        Waiter waiter = new Waiter(type, id, new CompletableFuture<>());
        waiters.add(waiter);
        Loop.Timer timer = loop.after(bound, () -> {
            waiters.remove(waiter);
            waiter.done.complete(false);
        });
        loop.then(waiter.done, done -> timer.cancel());
        look();
        return waiter.done;
    }

    /** The instance as balancers know it. */
    Subject subject(String type, String id) {
        return new Subject(
                id, find(type, id).map(instance -> instance.key().node()).orElse(null));
    }

    /** The balancers that are registered at this moment. */
    List<Balancer> balancers() {
        ServiceView view = views.get(Balancer.SERVICE);
        return view == null
                ? List.of()
                : view.instances().stream()
                        .filter(instance -> instance.service().equals(Balancer.SERVICE))
                        .map(Balancer::of)
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
            look();
        }
    }

    private void look() {
        for (Waiter waiter : List.copyOf(waiters)) {
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
