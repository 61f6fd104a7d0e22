package dev.pointsman.balancer.route;

import java.util.List;

/**
 * The networks that may use a route, and those that may not. Immutable, thread-safe.
 *
 * @param mode whose addresses are looked at
 * @param allow the only networks that may, if there are any
 * @param deny networks that may not, also where {@code allow} has them
 */
public record AccessRule(AddressMode mode, List<Network> allow, List<Network> deny) {
    /** The addresses of a request that are looked at. */
    public enum AddressMode {
        /** The client's: behind trusted proxies the one that they name. One that cannot be read is refused. */
        CLIENT,
        /**
         * The peer's and each one in X-Forwarded-For, whoever wrote it, as fabio has it: all of them have to be allowed.
         * Entries that are no address are passed over.
         */
        EVERY_HOP
    }

    public AccessRule {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
    }

    /**
     * Whether a request may use the route.
     *
     * @param peer the address at the other end of the connection
     * @param client the address where the request came from, as far as it is believed
     * @param ways the values of X-Forwarded-For
     */
    public boolean allows(String peer, String client, List<String> ways) {
        return switch (mode) {
            case CLIENT -> {
                IpAddress address = IpAddress.ofHop(client);
                yield address != null && allows(address);
            }
            case EVERY_HOP -> allowsHop(peer) && ways.stream().allMatch(this::allowsEach);
        };
    }

    private boolean allowsEach(String way) {
        for (String hop : way.split(",", -1)) {
            if (!allowsHop(hop)) {
                return false;
            }
        }
        return true;
    }

    private boolean allowsHop(String hop) {
        IpAddress address = IpAddress.ofHop(hop);
        return address == null || allows(address);
    }

    private boolean allows(IpAddress address) {
        return !isIn(deny, address) && (allow.isEmpty() || isIn(allow, address));
    }

    private static boolean isIn(List<Network> networks, IpAddress address) {
        for (Network network : networks) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
