package dev.pointsman.registry.embedded;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The services and checks on the node by their ids: the tables under {@link Catalog}, which alone writes to them. */
final class NodeState {
    private final TreeMap<String, Service> services = new TreeMap<>();
    private final TreeMap<String, Check> checks = new TreeMap<>();
    /** The same checks by service id, the node's own under the empty one. */
    private final Map<String, TreeMap<String, Check>> checksOf = new HashMap<>();

    Collection<Service> services() {
        return Collections.unmodifiableCollection(services.values());
    }

    @Nullable
    Service service(String id) {
        return services.get(id);
    }

    void put(Service service) {
        services.put(service.id(), service);
    }

    void removeService(String id) {
        services.remove(id);
    }

    Collection<Check> checks() {
        return Collections.unmodifiableCollection(checks.values());
    }

    @Nullable
    Check check(String id) {
        return checks.get(id);
    }

    /** The checks of a service, or the node's own for an empty id. */
    List<Check> checksOf(String serviceId) {
        TreeMap<String, Check> found = checksOf.get(serviceId);
        return found == null ? List.of() : List.copyOf(found.values());
    }

    void put(Check check) {
        checks.put(check.id(), check);
        checksOf.computeIfAbsent(check.serviceId(), id -> new TreeMap<>()).put(check.id(), check);
    }

    void remove(Check check) {
        checks.remove(check.id());
        TreeMap<String, Check> siblings = checksOf.get(check.serviceId());
        if (siblings != null) {
            siblings.remove(check.id());
            if (siblings.isEmpty()) {
                checksOf.remove(check.serviceId());
            }
        }
    }
}
