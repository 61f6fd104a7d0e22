package dev.pointsman.balancer.health;

import dev.pointsman.balancer.http.UpstreamTransport;
import dev.pointsman.balancer.route.HealthCheck;

/**
 * What is checked: an address by a rule. Pools in which the same instance is checked by the same rule and spoken to in
 * the same way share its checks.
 *
 * @param address a name or an IP literal without brackets
 */
record CheckSubject(String address, int port, HealthCheck rule, UpstreamTransport transport) {
    /** What all subjects at one address have in common, whatever their rules. */
    String authority() {
        return address + ":" + port;
    }
}
