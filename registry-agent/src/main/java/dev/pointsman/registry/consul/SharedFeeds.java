package dev.pointsman.registry.consul;

import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * The watched services, each watched once however many targets need it, and no longer than one does. Lives on one Vert.x
 * context.
 */
final class SharedFeeds {
    private record Shared(Feed<InstanceKey, Instance> feed, Set<Runnable> users) {}

    private final BiFunction<String, Runnable, Feed<InstanceKey, Instance>> factory;
    private final Consumer<String> unneeded;
    private final Map<String, Shared> byService = new HashMap<>();

    /**
     * Nothing watched yet.
     *
     * @param factory makes the feed of a service; the second argument is what it has to call after a change
     * @param unneeded is told of a service whose feed was closed
     */
    SharedFeeds(BiFunction<String, Runnable, Feed<InstanceKey, Instance>> factory, Consumer<String> unneeded) {
        this.factory = factory;
        this.unneeded = unneeded;
    }

    /**
     * The feed of a service, started if nobody needed it before.
     *
     * @param user who needs it, called after each change until it is released
     */
    Feed<InstanceKey, Instance> acquire(String service, Runnable user) {
        Shared known = byService.get(service);
        if (known != null) {
            known.users.add(user);
            return known.feed;
        }
        Set<Runnable> users = new LinkedHashSet<>();
        users.add(user);
        // A copy, because a user may acquire and release while it is being told.
        Feed<InstanceKey, Instance> feed =
                factory.apply(service, () -> List.copyOf(users).forEach(Runnable::run));
        byService.put(service, new Shared(feed, users));
        feed.start();
        return feed;
    }

    /** The user needs the service no longer; without users the feed ends, and its request is cancelled. */
    void release(String service, Runnable user) {
        Shared shared = byService.get(service);
        if (shared != null && shared.users.remove(user) && shared.users.isEmpty()) {
            byService.remove(service);
            shared.feed.close();
            unneeded.accept(service);
        }
    }

    int size() {
        return byService.size();
    }

    void forEach(Consumer<Feed<InstanceKey, Instance>> action) {
        byService.values().forEach(shared -> action.accept(shared.feed));
    }
}
