package dev.pointsman.balancer.config;

import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;

/** The rule about who may send a header of the PROXY protocol: trusted proxies alone, so that without one nobody gets in. */
final class ProxySenders {
    private ProxySenders() {}

    /**
     * Refuses a port that begins with such a header and that nobody may connect to.
     *
     * @param port the setting of the port
     * @param settings those of the balancer; takes the problem
     */
    static void refuseNone(boolean proxyProtocol, Setting port, Settings settings) {
        if (proxyProtocol && settings.last(BalancerSettings.TRUSTED_PROXIES.key()) == null) {
            settings.problem(port.source()
                    + ": proxy-protocol without trusted-proxies, so that nobody may connect (expected: trusted-proxies"
                    + " with the addresses of those that send such headers)");
        }
    }
}
