package dev.pointsman.balancer.config;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The peers whose X-Forwarded-* fields are believed. Immutable, thread-safe.
 */
public final class TrustedProxies {
    /** The form that {@link #parse} accepts, in words. */
    static final String EXPECTED = "IP addresses or networks, separated by commas, such as 10.0.0.0/8,::1";

    /** The set without a peer. */
    public static final TrustedProxies NONE = new TrustedProxies(List.of());

    private final List<IpSubnetFilterRule> networks;

    private TrustedProxies(List<IpSubnetFilterRule> networks) {
        this.networks = List.copyOf(networks);
    }

    /**
     * Reads a comma-separated list of IP addresses and networks, such as {@code 10.0.0.0/8, ::1}.
     *
     * @return null if one of them is neither
     */
    static @Nullable TrustedProxies parse(String list) {
        List<IpSubnetFilterRule> networks = new ArrayList<>();
        for (String entry : list.split(",", -1)) {
            IpSubnetFilterRule network = network(entry.strip());
            if (network == null) {
                return null;
            }
            networks.add(network);
        }
        return new TrustedProxies(networks);
    }

    private static @Nullable IpSubnetFilterRule network(String entry) {
        int slash = entry.indexOf('/');
        String address = slash < 0 ? entry : entry.substring(0, slash);
        int bits = NetUtil.isValidIpV4Address(address) ? 32 : 128;
        if (bits == 128 && !NetUtil.isValidIpV6Address(address)) {
            return null;
        }
        try {
            int prefix = slash < 0 ? bits : Integer.parseInt(entry.substring(slash + 1));
            return prefix < 0 || prefix > bits
                    ? null
                    : new IpSubnetFilterRule(address, prefix, IpFilterRuleType.ACCEPT);
        } catch (NumberFormatException notAPrefix) {
            return null;
        }
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
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(address);
        if (literal == null) {
            return false;
        }
        InetSocketAddress peer = new InetSocketAddress(literal, 0);
        return networks.stream().anyMatch(network -> network.matches(peer));
    }
}
