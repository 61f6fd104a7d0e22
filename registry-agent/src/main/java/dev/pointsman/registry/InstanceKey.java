package dev.pointsman.registry;

import java.util.Comparator;

/**
 * The identity of an instance from one view to the next. Consul's service ids are unique on one agent
 * only, so the node belongs to the key.
 *
 * @param node the name of the registry's node (agent) that the instance is registered on
 * @param id the service id on that node
 */
public record InstanceKey(String node, String id) implements Comparable<InstanceKey> {
    private static final Comparator<InstanceKey> ORDER =
            Comparator.comparing(InstanceKey::node).thenComparing(InstanceKey::id);

    /** By hand: a start waits for the one that the JVM generates. */
    @Override
    public int hashCode() {
        return node.hashCode() * 31 + id.hashCode();
    }

    @Override
    public int compareTo(InstanceKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return node + "/" + id;
    }
}
