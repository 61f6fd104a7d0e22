package dev.pointsman.registry.embedded;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node in Consul's sense: the agent's own one, or an external one of {@code /v1/catalog/register}.
 *
 * @param id a UUID, empty for an external node that gave none
 * @param taggedAddresses null when none were given
 * @param meta null when none was given
 */
record Node(
        String id,
        String name,
        String address,
        @Nullable Map<String, String> taggedAddresses,
        @Nullable Map<String, String> meta,
        long createIndex,
        long modifyIndex) {
    boolean sameFacts(Node other) {
        return withIndexes(0, 0).equals(other.withIndexes(0, 0));
    }

    Node withIndexes(long create, long modify) {
        return new Node(id, name, address, taggedAddresses, meta, create, modify);
    }
}
