package dev.pointsman.registry.embedded;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The registry's one node with its services and checks. Pure state: no I/O, no clock. Not thread-safe, one context owns
 * it. Each of the writing methods is one write: one step of the index, one wake of the queries that wait, and neither if
 * nothing changed. As in Consul, names of services and nodes are found in any case.
 */
final class Catalog {
    /** The check that stands for the agent of the node being alive. */
    static final String SERF_HEALTH = "serfHealth";

    /** A service with the checks that count for it. */
    record CheckedService(Service service, List<Check> checks) {}

    private final Indexes indexes;
    private final Node node;
    private final NodeState state = new NodeState();
    /** The ids of each service's instances, by service name in small letters. */
    private final TreeMap<String, TreeSet<String>> byName = new TreeMap<>();

    /**
     * A catalog without services.
     *
     * @param node its facts, both indexes 0
     */
    Catalog(Indexes indexes, Node node) {
        this.indexes = indexes;
        this.node = node.withIndexes(indexes.next(), indexes.next());
        indexes.touch(Topic.NODES);
        indexes.touch(Topic.node(node.name()));
        indexes.commit();
    }

    // Reads.

    long index(Topic topic) {
        return indexes.of(topic);
    }

    Node node() {
        return node;
    }

    /** Whether this is the name of the node, in any case. */
    boolean isNode(String name) {
        return Names.folded(node.name()).equals(Names.folded(name));
    }

    Collection<Service> services() {
        return state.services();
    }

    @Nullable
    Service service(String id) {
        return state.service(id);
    }

    /** Every check, the node's and the services', by id. */
    Collection<Check> checks() {
        return state.checks();
    }

    @Nullable
    Check check(String id) {
        return state.check(id);
    }

    /** The checks of one service alone, without the node's; the node's own for an empty id. */
    Collection<Check> checksOf(String serviceId) {
        return state.checksOf(serviceId);
    }

    /** The instances of a service by id, each with the node's checks and then its own. */
    List<CheckedService> instances(String service) {
        List<CheckedService> entries = new ArrayList<>();
        for (String id : byName.getOrDefault(Names.folded(service), new TreeSet<>())) {
            Service found = state.service(id);
            if (found == null) {
                throw new IllegalStateException("the catalog lost " + id + " of service " + service);
            }
            List<Check> checks = new ArrayList<>(state.checksOf(""));
            checks.addAll(state.checksOf(id));
            entries.add(new CheckedService(found, checks));
        }
        return entries;
    }

    /** Each service's name with the union of its instances' tags. */
    Map<String, Collection<String>> tagsByService() {
        Map<String, Collection<String>> tags = new TreeMap<>();
        for (Service service : state.services()) {
            tags.computeIfAbsent(service.name(), name -> new TreeSet<>()).addAll(service.tags());
        }
        return tags;
    }

    // Writes.

    /**
     * Registers a service, or brings the one with the same id up to date, and its checks with it.
     *
     * @param checks its checks; a check whose id is known already keeps its status and output
     * @param replaceChecks whether checks of the service that are not among them are dropped
     */
    boolean putService(Service service, List<Check> checks, boolean replaceChecks) {
        put(service);
        for (Check check : checks) {
            Check known = state.check(check.id());
            put(known == null ? check : check.withResult(known.status(), known.output()));
        }
        if (replaceChecks) {
            List<String> keep = checks.stream().map(Check::id).toList();
            for (Check known : state.checksOf(service.id())) {
                if (!keep.contains(known.id())) {
                    remove(known);
                }
            }
        }
        return indexes.commit();
    }

    /** Takes a service and its checks away; false if there is none of that id. */
    boolean removeService(String id) {
        Service known = state.service(id);
        if (known == null) {
            return false;
        }
        state.checksOf(id).forEach(this::remove);
        remove(known);
        return indexes.commit();
    }

    boolean putCheck(Check check) {
        put(check);
        return indexes.commit();
    }

    boolean removeCheck(String id) {
        Check known = state.check(id);
        if (known == null) {
            return false;
        }
        remove(known);
        return indexes.commit();
    }

    /** A check's new result; false if it is unknown or only its output differs. */
    boolean setResult(String id, CheckStatus status, String output) {
        Check known = state.check(id);
        return known != null && putCheck(known.withResult(status, output));
    }

    // The parts of a write: each touches the topics that it changes, and none if it changes nothing.

    private void put(Service service) {
        Service known = state.service(service.id());
        if (known != null && known.sameFacts(service)) {
            return;
        }
        if (known != null && !known.name().equals(service.name())) {
            remove(known);
        }
        long created = known == null ? indexes.next() : known.createIndex();
        state.put(service.withIndexes(created, indexes.next()));
        byName.computeIfAbsent(Names.folded(service.name()), name -> new TreeSet<>())
                .add(service.id());
        touch(service);
    }

    private void remove(Service service) {
        state.removeService(service.id());
        TreeSet<String> ids = byName.get(Names.folded(service.name()));
        if (ids != null) {
            ids.remove(service.id());
            if (ids.isEmpty()) {
                byName.remove(Names.folded(service.name()));
            }
        }
        touch(service);
    }

    private void put(Check check) {
        Check known = state.check(check.id());
        boolean noChange = known != null && known.sameFacts(check);
        long created = known == null ? indexes.next() : known.createIndex();
        long modified = noChange && known != null ? known.modifyIndex() : indexes.next();
        if (known != null && !known.serviceId().equals(check.serviceId())) {
            remove(known);
        }
        state.put(check.withIndexes(created, modified));
        if (!noChange) {
            touch(check);
        }
    }

    private void remove(Check check) {
        state.remove(check);
        touch(check);
    }

    private void touch(Service service) {
        indexes.touch(Topic.health(service.name()));
        indexes.touch(Topic.service(service.name()));
        indexes.touch(Topic.SERVICES);
        indexes.touch(Topic.node(node.name()));
        indexes.touch(Topic.agentService(service.id()));
    }

    private void touch(Check check) {
        indexes.touch(Topic.CHECKS);
        indexes.touch(Topic.nodeChecks(node.name()));
        if (check.serviceId().isEmpty()) {
            state.services().forEach(service -> indexes.touch(Topic.health(service.name())));
            return;
        }
        indexes.touch(Topic.serviceChecks(check.serviceName()));
        Service service = state.service(check.serviceId());
        if (service != null) {
            indexes.touch(Topic.health(service.name()));
        }
    }
}
