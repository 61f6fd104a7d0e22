package dev.pointsman.registry.consul.internal.view;

import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.consul.internal.json.ServiceTag;
import dev.pointsman.registry.consul.internal.query.ListView;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The lists of Consul's that views are made of. Each is followed from the first {@code acquire} to the last
 * {@code release}. A user is notified of each change in between; the same object releases that acquired. To be called on one
 * Vert.x context.
 */
public interface TargetLists {
    /** The catalog: which services there are, and which tags they carry. */
    ListView<ServiceTag, ServiceTag> acquireCatalog(Runnable user);

    /** Releases the catalog; nothing happens if the user has not acquired it. */
    void releaseCatalog(Runnable user);

    /** The services that carry the tag, as far as the catalog says by now. */
    Set<String> carriers(String tag);

    /** The services that carry at least one such tag, as far as the catalog says by now. */
    Set<String> carriers(Predicate<String> tag);

    /** Every service, as far as the catalog says by now. */
    Set<String> services();

    /** The instances of a service. */
    ListView<InstanceKey, Instance> acquire(String service, Runnable user);

    /** Releases a service; nothing happens if the user has not acquired it. */
    void release(String service, Runnable user);

    /** The lists that every view depends on, the catalog first. */
    List<ListView<?, ?>> common();

    /** Whether the cache knows of a service that was not acquired yet. */
    boolean hasUnusedCache();
}
