package dev.pointsman.registry.embedded;

import java.util.Map;

/**
 * The node in Consul's sense: the machine that the registry and its services run on.
 *
 * @param id a UUID
 * @param taggedAddresses addresses under labels such as {@code lan} or {@code wan_ipv4}
 */
record Node(
        String id,
        String name,
        String address,
        Map<String, String> taggedAddresses,
        Map<String, String> meta,
        long createIndex,
        long modifyIndex) {
    Node withIndexes(long create, long modify) {
        return new Node(id, name, address, taggedAddresses, meta, create, modify);
    }
}
