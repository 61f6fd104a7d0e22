package dev.pointsman.balancer.route;

/**
 * One of the targets of a route, with its share of the requests and what is done to them on the way there. Immutable.
 *
 * @param target where requests go
 * @param weight its share, in proportion to the route's other branches; 0 for none
 * @param options the options of this branch; of a route with one branch, the route's
 */
public record Branch(Target target, int weight, RouteOptions options) {
    public Branch {
        if (weight < 0) {
            throw new IllegalArgumentException("weight of " + target + ": " + weight + " (expected: 0 or more)");
        }
    }
}
