package dev.pointsman.balancer.route;

/**
 * Where a route was written down.
 *
 * @param source the kind of place
 * @param where the place, for people: {@code balancer.yaml:7:3}, {@code tag of web1 on node-a}
 */
public record RouteOrigin(RouteSource source, String where) {
    /** The places that routes come from. Of two routes with the same key the one from the later place counts. */
    public enum RouteSource {
        /** The routes where none are given. */
        DEFAULT,
        /** The configuration file, or flags. */
        FILE,
        /** Tags or metadata of instances. */
        TAGS,
        /** Consul's KV. */
        KV,
        /** The admin API. */
        ADMIN
    }

    /** The place of the routes where none are given. */
    public static final RouteOrigin DEFAULT = new RouteOrigin(RouteSource.DEFAULT, "default");

    @Override
    public String toString() {
        return where;
    }
}
