package dev.pointsman.balancer.config;

import dev.pointsman.balancer.route.IpAddress;
import dev.pointsman.balancer.route.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The peers whose X-Forwarded-* fields are believed. Immutable, thread-safe.
 */
public final class TrustedProxies {
    /** The form that {@link #parse} accepts, in words. */
    static final String EXPECTED = "IP addresses or networks, separated by commas, such as 10.0.0.0/8,::1";

    /** The set without a peer. */
    public static final TrustedProxies NONE = new TrustedProxies(List.of());

    private final List<Network> networks;

    private TrustedProxies(List<Network> networks) {
        this.networks = List.copyOf(networks);
    }

    /**
     * Reads a comma-separated list of IP addresses and networks, such as {@code 10.0.0.0/8, ::1}.
     *
     * @return null if one of them is neither
     */
    static @Nullable TrustedProxies parse(String list) {
        List<Network> networks = new ArrayList<>();
        for (String entry : list.split(",", -1)) {
            Network network = Network.parse(entry);
            if (network == null) {
                return null;
            }
            networks.add(network);
        }
        return new TrustedProxies(networks);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TrustedProxies proxies && proxies.networks.equals(networks);
    }

    @Override
    public int hashCode() {
        return networks.hashCode();
    }

    /** The list as it can be written down. */
    @Override
    public String toString() {
        return networks.stream().map(Network::toString).collect(Collectors.joining(","));
    }

    /**
     * The address where a request came from first, as far as that is believed: the last address on its way that is not
     * a trusted proxy's.
     *
     * @param peer a trusted peer's address
     * @param ways the values of X-Forwarded-For
     */
    public String originOf(String peer, List<String> ways) {
        String first = peer;
        for (int line = ways.size() - 1; line >= 0; line--) {
            String[] hops = ways.get(line).split(",", -1);
            for (int hop = hops.length - 1; hop >= 0; hop--) {
                if (!hops[hop].isBlank()) {
                    first = hops[hop].strip();
                    if (!trusts(first)) {
                        return first;
                    }
                }
            }
        }
        return first;
    }

    /**
     * Whether a peer is believed.
     *
     * @param address an IP literal; anything else is not trusted, and never looked up
     */
    public boolean trusts(String address) {
        if (networks.isEmpty()) {
            return false;
        }
        IpAddress peer = IpAddress.ofHop(address);
        return peer != null && networks.stream().anyMatch(network -> network.contains(peer));
    }
}
