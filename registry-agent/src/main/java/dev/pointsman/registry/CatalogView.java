package dev.pointsman.registry;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The chosen services of a registry with their instances at one moment, as far as the registry is to be believed. Immutable.
 * Unlike the view of a target it holds every instance as it is registered: of several at one address none is left out, since
 * each may carry other tags ({@link ViewMerger} does that, where their instances become those of a target). While an instance
 * moves from one service to another, both may have it for a moment.
 *
 * <p>The views of services that did not change are the same objects as in the view before, so that what was made of them can be kept.
 *
 * @param services the view of each chosen service, by its name; a service without instances may be among them
 * @param changed the services that are new, changed or gone since the view before; in the first view all
 */
public record CatalogView(SortedMap<String, ServiceView> services, Set<String> changed) {
    public CatalogView {
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
        changed = Set.copyOf(changed);
    }

    /** By hand: a start waits for the one that the JVM generates. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CatalogView view && services.equals(view.services) && changed.equals(view.changed);
    }

    @Override
    public int hashCode() {
        return services.hashCode();
    }

    /** The view of a service; one without instances if it is not chosen. */
    public ServiceView of(String service) {
        ServiceView view = services.get(service);
        return view == null ? new ServiceView(service, List.of()) : view;
    }

    /** Every instance of every service, service by service in the order of their names. */
    public Stream<Instance> instances() {
        return services.values().stream().flatMap(view -> view.instances().stream());
    }
}
