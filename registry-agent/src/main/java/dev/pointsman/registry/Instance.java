package dev.pointsman.registry;

import java.util.List;
import java.util.Map;

/**
 * The registry's facts about one instance of a service. Immutable; what this process itself observes about the
 * instance (in-flight requests, failures) is no part of it.
 *
 * @param key node and id, see {@link InstanceKey}
 * @param service the service's name in the registry
 * @param address the host name or IP literal to connect to: the service's own address, or its node's when it gave none
 * @param port the TCP port, 1 to 65535
 * @param tags the service's tags, in the registry's order
 * @param meta the service's metadata
 * @param weights the instance's share of the traffic, by health
 * @param health the worst of its checks
 * @param healthReason why {@code health} is not {@link Health#PASSING} (check name and output, or the reason given for
 *     maintenance), in one line; empty when it is
 */
public record Instance(
        InstanceKey key,
        String service,
        String address,
        int port,
        List<String> tags,
        Map<String, String> meta,
        Weights weights,
        Health health,
        String healthReason) {
    public Instance {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port of " + key + ": " + port + " (expected: 1 to 65535)");
        }
        tags = List.copyOf(tags);
        meta = Map.copyOf(meta);
    }

    /** The instance's weight in its present health, see {@link Weights#in(Health)}. */
    public int weight() {
        return weights.in(health);
    }

    /** Address and port as they stand in a URL's authority (IPv6 literals in brackets). */
    public String authority() {
        return (address.indexOf(':') >= 0 ? "[" + address + "]" : address) + ":" + port;
    }
}
