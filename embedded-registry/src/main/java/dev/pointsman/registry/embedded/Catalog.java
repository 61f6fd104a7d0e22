package dev.pointsman.registry.embedded;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Every node, service and check that the registry knows. Pure state: no I/O, no clock. Not thread-safe, one context owns
 * it. Each of the writing methods is one write: one step of the index, one wake of those who wait, and neither if
 * nothing changed. As in Consul, names of services and nodes are found in any case.
 */
final class Catalog {
    /** The check that stands for the agent of a node being alive. */
    static final String SERF_HEALTH = "serfHealth";

    /** A service, on its own or with the checks that count for it. */
    record Entry(Node node, Service service, List<Check> checks) {}

    private final Indexes indexes;
    private final TreeMap<String, NodeState> nodes = new TreeMap<>();
    /** Node and id of each instance, by service name, in small letters. */
    private final TreeMap<String, TreeSet<InstanceKey>> byName = new TreeMap<>();

    private record InstanceKey(String node, String id) implements Comparable<InstanceKey> {
        @Override
        public int compareTo(InstanceKey other) {
            int byNode = node.compareTo(other.node);
            return byNode != 0 ? byNode : id.compareTo(other.id);
        }
    }

    Catalog(Indexes indexes) {
        this.indexes = indexes;
    }

    // What is known.

    long index(Topic topic) {
        return indexes.of(topic);
    }

    Collection<Node> nodes() {
        return nodes.values().stream().map(NodeState::node).toList();
    }

    @Nullable
    Node node(String name) {
        NodeState state = nodes.get(Names.folded(name));
        return state == null ? null : state.node();
    }

    Collection<Service> servicesOn(String node) {
        NodeState state = nodes.get(Names.folded(node));
        return state == null ? List.of() : state.services();
    }

    Collection<Check> checksOn(String node) {
        NodeState state = nodes.get(Names.folded(node));
        return state == null ? List.of() : state.checks();
    }

    @Nullable
    Service service(String node, String id) {
        NodeState state = nodes.get(Names.folded(node));
        return state == null ? null : state.service(id);
    }

    @Nullable
    Check check(String node, String id) {
        NodeState state = nodes.get(Names.folded(node));
        return state == null ? null : state.check(id);
    }

    /** The checks of one service alone, without its node's. */
    Collection<Check> checksOf(String node, String serviceId) {
        NodeState state = nodes.get(Names.folded(node));
        return state == null ? List.of() : state.checksOf(serviceId);
    }

    /** The instances of a service, each with its node's checks and then its own, in the order of node and id. */
    List<Entry> instances(String service) {
        List<Entry> entries = new ArrayList<>();
        for (InstanceKey place : byName.getOrDefault(Names.folded(service), new TreeSet<>())) {
            NodeState state = nodes.get(Names.folded(place.node()));
            Service found = state == null ? null : state.service(place.id());
            if (state == null || found == null) {
                throw new IllegalStateException("the catalog lost " + place + " of service " + service);
            }
            List<Check> checks = new ArrayList<>(state.checksOf(""));
            checks.addAll(state.checksOf(found.id()));
            entries.add(new Entry(state.node(), found, checks));
        }
        return entries;
    }

    /** Every check on every node, by node and id. */
    List<Check> checks() {
        List<Check> all = new ArrayList<>();
        nodes.values().forEach(state -> all.addAll(state.checks()));
        return all;
    }

    // What can be done to it.

    boolean putNode(Node node) {
        put(node);
        return indexes.commit();
    }

    /**
     * Registers a service, or brings the one with the same id up to date, and its checks with it.
     *
     * @param checks its checks; one whose id is known already keeps its status and output
     * @param others what becomes of the checks of the service that are not among them: true to drop them
     */
    boolean putService(Service service, List<Check> checks, boolean others) {
        NodeState state = state(service.node());
        put(state, service);
        for (Check check : checks) {
            Check known = state.check(check.id());
            put(state, known == null ? check : check.withResult(known.status(), known.output()));
        }
        if (others) {
            List<String> keep = checks.stream().map(Check::id).toList();
            for (Check known : state.checksOf(service.id())) {
                if (!keep.contains(known.id())) {
                    remove(state, known);
                }
            }
        }
        return indexes.commit();
    }

    /** Takes a service and its checks away; false if there is none of that id. */
    boolean removeService(String node, String id) {
        NodeState state = nodes.get(Names.folded(node));
        Service known = state == null ? null : state.service(id);
        if (state == null || known == null) {
            return false;
        }
        state.checksOf(id).forEach(check -> remove(state, check));
        remove(state, known);
        return indexes.commit();
    }

    boolean putCheck(Check check) {
        put(state(check.node()), check);
        return indexes.commit();
    }

    boolean removeCheck(String node, String id) {
        NodeState state = nodes.get(Names.folded(node));
        Check known = state == null ? null : state.check(id);
        if (state == null || known == null) {
            return false;
        }
        remove(state, known);
        return indexes.commit();
    }

    /** A check's new result; false if it is unknown or only its output differs. */
    boolean setResult(String node, String id, CheckStatus status, String output) {
        Check known = check(node, id);
        return known != null && putCheck(known.withResult(status, output));
    }

    /** Takes a node away with everything on it. */
    boolean removeNode(String name) {
        NodeState state = nodes.get(Names.folded(name));
        if (state == null) {
            return false;
        }
        List.copyOf(state.checks()).forEach(check -> remove(state, check));
        List.copyOf(state.services()).forEach(service -> remove(state, service));
        nodes.remove(Names.folded(name));
        indexes.touch(Topic.NODES);
        indexes.touch(Topic.node(name));
        return indexes.commit();
    }

    // How a write finds out whether it changes anything.

    private void put(Node node) {
        NodeState state = nodes.get(Names.folded(node.name()));
        if (state == null) {
            nodes.put(Names.folded(node.name()), new NodeState(node.withIndexes(indexes.next(), indexes.next())));
        } else if (state.node().sameFacts(node)) {
            return;
        } else {
            state.become(node.withIndexes(state.node().createIndex(), indexes.next()));
            servicesOn(node.name()).forEach(service -> touchInstance(service));
        }
        indexes.touch(Topic.NODES);
        indexes.touch(Topic.node(node.name()));
    }

    private void put(NodeState state, Service service) {
        Service known = state.service(service.id());
        if (known != null && known.sameFacts(service)) {
            return;
        }
        if (known != null && !known.name().equals(service.name())) {
            remove(state, known);
        }
        long created = known == null ? indexes.next() : known.createIndex();
        state.put(service.withIndexes(created, indexes.next()));
        byName.computeIfAbsent(Names.folded(service.name()), name -> new TreeSet<>())
                .add(new InstanceKey(service.node(), service.id()));
        touch(service);
    }

    private void remove(NodeState state, Service service) {
        state.removeService(service.id());
        TreeSet<InstanceKey> places = byName.get(Names.folded(service.name()));
        if (places != null) {
            places.remove(new InstanceKey(service.node(), service.id()));
            if (places.isEmpty()) {
                byName.remove(Names.folded(service.name()));
            }
        }
        touch(service);
    }

    private void put(NodeState state, Check check) {
        Check known = state.check(check.id());
        boolean noChange = known != null && known.sameFacts(check);
        long created = known == null ? indexes.next() : known.createIndex();
        long modified = noChange && known != null ? known.modifyIndex() : indexes.next();
        if (known != null && !known.serviceId().equals(check.serviceId())) {
            remove(state, known);
        }
        state.put(check.withIndexes(created, modified));
        if (!noChange) {
            touch(state, check);
        }
    }

    private void remove(NodeState state, Check check) {
        state.remove(check);
        touch(state, check);
    }

    private void touch(Service service) {
        touchInstance(service);
        indexes.touch(Topic.SERVICES);
        indexes.touch(Topic.node(service.node()));
        indexes.touch(Topic.agentService(service.id()));
    }

    private void touchInstance(Service service) {
        indexes.touch(Topic.health(service.name()));
        indexes.touch(Topic.service(service.name()));
    }

    private void touch(NodeState state, Check check) {
        indexes.touch(Topic.CHECKS);
        indexes.touch(Topic.nodeChecks(check.node()));
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

    private NodeState state(String node) {
        NodeState state = nodes.get(Names.folded(node));
        if (state == null) {
            throw new IllegalStateException("no such node: " + node);
        }
        return state;
    }

    /** Each service's name with the union of its instances' tags, for the instances on the given nodes. */
    Map<String, Collection<String>> tagsByService(Collection<String> onNodes) {
        Map<String, Collection<String>> tags = new TreeMap<>();
        for (NodeState state : nodes.values()) {
            if (onNodes.contains(state.node().name())) {
                for (Service service : state.services()) {
                    tags.computeIfAbsent(service.name(), name -> new TreeSet<>())
                            .addAll(service.tags());
                }
            }
        }
        return tags;
    }
}
