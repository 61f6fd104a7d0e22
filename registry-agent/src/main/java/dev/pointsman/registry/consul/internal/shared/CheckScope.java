package dev.pointsman.registry.consul.internal.shared;

/**
 * What a check of Consul's is about: one of the two.
 *
 * @param service the name of a service, on whichever nodes; empty where it is about a node
 * @param node the name of a node as a whole; empty where it is about a service
 */
record CheckScope(String service, String node) {
    static CheckScope of(String node, String service) {
        return service.isEmpty() ? new CheckScope("", node) : new CheckScope(service, "");
    }
}
