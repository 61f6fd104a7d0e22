package dev.pointsman.balancer.downstream;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.Limits;
import dev.pointsman.balancer.config.TlsConfig;
import dev.pointsman.balancer.config.TrustedProxies;
import dev.pointsman.balancer.http.UnderscoreFields;
import org.jspecify.annotations.Nullable;

/**
 * The settings by which clients are served. Immutable.
 *
 * @param limits the timeouts of a client connection, among others
 * @param underscoreFields what becomes of fields whose names have an underscore
 * @param hsts the value of Strict-Transport-Security on responses by TLS; null for none
 * @param trustedProxies proxies whose X-Forwarded-* fields are believed
 */
public record ClientRules(
        Limits limits,
        UnderscoreFields underscoreFields,
        @Nullable String hsts,
        TrustedProxies trustedProxies) {
    /** The rules by a configuration. */
    public static ClientRules of(BalancerConfig config) {
        int seconds = config.tls().hstsSeconds();
        return new ClientRules(
                config.limits(),
                config.underscoreFields(),
                seconds == TlsConfig.NONE ? null : "max-age=" + seconds,
                config.trustedProxies());
    }
}
