package dev.pointsman.balancer.route;

/**
 * The instances that announce a route themselves, by tags, with the same options; or the destinations that a document in
 * Consul's KV gives a route.
 *
 * @param name tells apart the sets of instances, and stays the same when one of them comes or goes
 */
public record ClaimTarget(String name) implements Target {
    @Override
    public String toString() {
        return name;
    }
}
