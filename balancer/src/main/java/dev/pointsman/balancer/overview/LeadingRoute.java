package dev.pointsman.balancer.overview;

import java.util.List;

/**
 * A route that leads to a service. Immutable.
 *
 * @param isTcp whether it is for connections, and not for requests
 */
record LeadingRoute(String name, boolean isTcp) {
    static List<String> names(List<LeadingRoute> routes) {
        return routes.stream().map(LeadingRoute::name).toList();
    }

    static List<String> namesOfTcp(List<LeadingRoute> routes) {
        return names(routes.stream().filter(LeadingRoute::isTcp).toList());
    }
}
