package dev.pointsman.registry.embedded;

/**
 * A part of the registry's data that a blocking query can wait for, with an index of its own. The scopes are cut such
 * that a query wakes on what Consul 1.8 was seen to wake on, and on nothing else.
 *
 * @param name the service, node, key, prefix or service id that it is about; empty for the scopes that cover everything
 */
record Topic(Scope scope, String name) {
    enum Scope {
        /** The instances of a service with their checks and their node's. */
        HEALTH,
        /** The instances of a service, without health. */
        SERVICE,
        /** The checks of a service. */
        SERVICE_CHECKS,
        /** Any instance of any service. */
        SERVICES,
        /** Any check. */
        CHECKS,
        /** The nodes themselves. */
        NODES,
        /** A node and the services on it. */
        NODE,
        /** The checks on a node, its own and those of its services. */
        NODE_CHECKS,
        /** One service id of the local agent. */
        AGENT_SERVICE,
        /** One key. */
        KEY,
        /** Every key with a prefix. */
        KEY_PREFIX
    }

    static final Topic SERVICES = new Topic(Scope.SERVICES, "");
    static final Topic CHECKS = new Topic(Scope.CHECKS, "");
    static final Topic NODES = new Topic(Scope.NODES, "");

    static Topic health(String service) {
        return new Topic(Scope.HEALTH, Names.folded(service));
    }

    static Topic service(String service) {
        return new Topic(Scope.SERVICE, Names.folded(service));
    }

    static Topic serviceChecks(String service) {
        return new Topic(Scope.SERVICE_CHECKS, Names.folded(service));
    }

    static Topic node(String node) {
        return new Topic(Scope.NODE, Names.folded(node));
    }

    static Topic nodeChecks(String node) {
        return new Topic(Scope.NODE_CHECKS, Names.folded(node));
    }

    static Topic agentService(String id) {
        return new Topic(Scope.AGENT_SERVICE, id);
    }

    static Topic key(String key) {
        return new Topic(Scope.KEY, key);
    }

    static Topic keyPrefix(String prefix) {
        return new Topic(Scope.KEY_PREFIX, prefix);
    }
}
