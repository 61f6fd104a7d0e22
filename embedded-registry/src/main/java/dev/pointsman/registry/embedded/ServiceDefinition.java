package dev.pointsman.registry.embedded;

import java.util.List;

/**
 * What a client registers with the agent.
 *
 * @param service its facts, both indexes 0
 * @param checks its checks in the order given, {@code Check} before {@code Checks}
 */
record ServiceDefinition(Service service, List<CheckDefinition> checks) {}
