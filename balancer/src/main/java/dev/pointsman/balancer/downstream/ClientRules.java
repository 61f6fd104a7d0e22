package dev.pointsman.balancer.downstream;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.Limits;
import dev.pointsman.balancer.config.TrustedProxies;
import dev.pointsman.balancer.http.UnderscoreFields;

/**
 * The settings by which clients are served. Immutable.
 *
 * @param limits the timeouts of a client connection, among others
 * @param underscoreFields what becomes of fields whose names have an underscore
 * @param trustedProxies proxies whose X-Forwarded-* fields are believed
 */
public record ClientRules(Limits limits, UnderscoreFields underscoreFields, TrustedProxies trustedProxies) {
    /** The rules by a configuration. */
    public static ClientRules of(BalancerConfig config) {
        return new ClientRules(config.limits(), config.underscoreFields(), config.trustedProxies());
    }
}
