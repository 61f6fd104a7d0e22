package dev.pointsman.balancer.explain;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.Listener;
import dev.pointsman.balancer.config.TcpPort;
import dev.pointsman.balancer.explain.Explanation.ExplainedBranch;
import dev.pointsman.balancer.route.AccessRule;
import dev.pointsman.balancer.route.HostPattern;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteFilters;
import dev.pointsman.balancer.route.RouteLookup.TableEntry;
import dev.pointsman.balancer.route.RoutesInForce;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a connection of TCP, and why: its route, and the instances that it may go to. A view of one moment, which changes
 * nothing. Immutable.
 *
 * @param asked what is asked about
 * @param version of the table that was asked
 * @param refusal why it would be closed although a route takes it; null if it would not
 * @param taken its route; null for none
 * @param why why it is that one; if it is none, what is missing
 * @param others the other routes of its port
 * @param branches where the route leads to
 */
public record ConnectionExplanation(
        AskedConnection asked,
        long version,
        @Nullable String refusal,
        @Nullable Route taken,
        String why,
        List<Route> others,
        List<ExplainedBranch> branches) {
    public ConnectionExplanation {
        others = List.copyOf(others);
        branches = List.copyOf(branches);
    }

    /**
     * Explains a connection.
     *
     * @param config the ports, and what passes TLS through
     * @param now the time of day
     */
    public static ConnectionExplanation of(
            AskedConnection asked, RoutesInForce routes, BalancerConfig config, Instant now) {
        TcpPort port = port(config, asked.port());
        String name = port == null || !port.passthrough() ? null : asked.name();
        TableEntry entry =
                port == null ? null : routes.table().find(asked.port(), name, port.announced() && port.passthrough());
        Route taken = entry == null ? null : entry.route();
        List<Route> others = routes.table().routes().stream()
                .filter(each -> each.key().isTcp()
                        && !each.equals(taken)
                        && each.key().path().equals(":" + asked.port()))
                .toList();
        return new ConnectionExplanation(
                asked,
                routes.version(),
                taken == null ? null : refusal(taken, asked.clientAddress()),
                taken,
                taken == null ? none(port, asked) : why(taken, name),
                others,
                entry == null
                        ? List.of()
                        : Explanation.branches(
                                entry.route(), routes.branchPools(entry.index()), asked, now, "connection"));
    }

    private static @Nullable TcpPort port(BalancerConfig config, int number) {
        return config.listeners().stream()
                .filter(each -> each.address().port() == number)
                .map(Listener::tcp)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static String none(@Nullable TcpPort port, AskedConnection asked) {
        if (port == null) {
            return "no port of TCP is " + asked.port() + " (see tcp in the configuration)";
        }
        return port.passthrough()
                ? "no route of this port is for " + (asked.name() == null ? "who asks for no name" : asked.name())
                : "no instance announces this port";
    }

    private static String why(Route taken, @Nullable String name) {
        HostPattern host = taken.key().host();
        return switch (host.kind()) {
            case EXACT -> "the name is exactly " + host;
            case WILDCARD -> "the name is below " + host.name();
            case GLOB -> "the name matches the pattern " + host.name();
            case ANY -> name == null ? "it has the port" : "it has the port, and no other route is for the name";
        };
    }

    private static @Nullable String refusal(Route taken, @Nullable String client) {
        RouteFilters filters = taken.options().filters();
        AccessRule access = filters == null ? null : filters.access();
        if (access == null) {
            return null;
        }
        if (client == null) {
            return "perhaps: the route is for some addresses alone (give one by --client)";
        }
        return access.allows(client, client, List.of()) ? null : "the route is not for this address";
    }
}
