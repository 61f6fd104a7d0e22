package dev.pointsman.registry.embedded;

import dev.pointsman.registry.Weights;
import java.util.List;
import java.util.Map;

/**
 * A registered instance of a service, with the facts that Consul keeps of it.
 *
 * @param address empty for its node's address
 * @param port 0 when it has none
 * @param connectNative whether it speaks Consul's mesh protocol itself; only {@code /v1/health/connect} cares
 */
record Service(
        String id,
        String name,
        List<String> tags,
        String address,
        int port,
        Map<String, String> meta,
        Map<String, TaggedAddress> taggedAddresses,
        Weights weights,
        boolean enableTagOverride,
        boolean connectNative,
        long createIndex,
        long modifyIndex) {
    /** An address under a label such as {@code lan} or {@code wan}. */
    record TaggedAddress(String address, int port) {}

    boolean sameFacts(Service other) {
        return withIndexes(0, 0).equals(other.withIndexes(0, 0));
    }

    Service withIndexes(long create, long modify) {
        return new Service(
                id,
                name,
                tags,
                address,
                port,
                meta,
                taggedAddresses,
                weights,
                enableTagOverride,
                connectNative,
                create,
                modify);
    }
}
