package dev.pointsman.balancer.route;

/**
 * The requests that a route is for. Two routes with equal keys are two statements about the same requests. Immutable.
 *
 * @param host the requested hosts
 * @param path a path that starts with {@code /} and, read by {@link PathMatching#SEGMENTS}, does not end with one, unless
 *     it is {@code /} itself; for TCP a colon and a port
 * @param match further conditions
 * @param matching how the path is read
 */
public record RouteKey(HostPattern host, String path, RequestMatch match, PathMatching matching) {
    /** The ways to read a route's path. */
    public enum PathMatching {
        /** A prefix of whole segments: ours. */
        SEGMENTS,
        /** A prefix of characters: fabio's {@code prefix}. */
        PREFIX,
        /** A prefix of characters in any case: fabio's {@code iprefix}. */
        PREFIX_ANY_CASE,
        /** A pattern of the whole path: fabio's {@code glob}. */
        GLOB,
        /** No path: a port, {@code :5432}, whose connections are relayed as they are; {@code :*} for each that passes TLS through. */
        TCP
    }

    /** The path of the routes of all ports that pass TLS through. */
    public static final String EVERY_PASSTHROUGH = ":*";

    /**
     * A key for the connections of a port.
     *
     * @param names those that clients ask for by SNI; {@link HostPattern#ANY} where it does not matter
     */
    public static RouteKey ofPort(int port, HostPattern names) {
        return new RouteKey(names, ":" + port, RequestMatch.ANY, PathMatching.TCP);
    }

    /** A key for the connections to all ports that pass TLS through. */
    public static RouteKey ofPassthrough(HostPattern names) {
        return new RouteKey(names, EVERY_PASSTHROUGH, RequestMatch.ANY, PathMatching.TCP);
    }

    /** Whether it is for connections, and not for requests. */
    public boolean isTcp() {
        return matching == PathMatching.TCP;
    }

    /** Accepts a prefix of segments with or without a slash at its end, which makes no difference. */
    public RouteKey {
        while (matching == PathMatching.SEGMENTS && path.length() > 1 && path.endsWith("/")) {
            path = path.substring(0, path.length() - 1);
        }
        if (!path.startsWith(matching == PathMatching.TCP ? ":" : "/")) {
            throw new IllegalArgumentException("path: \"" + path + "\" (expected: a path that starts with /)");
        }
    }

    /** A key of our own language. */
    public RouteKey(HostPattern host, String path, RequestMatch match) {
        this(host, path, match, PathMatching.SEGMENTS);
    }

    /** A key for a path of any host. */
    public static RouteKey ofPath(String path) {
        return new RouteKey(HostPattern.ANY, path, RequestMatch.ANY);
    }

    /** By hand: a start waits for the one that the JVM generates. */
    @Override
    public int hashCode() {
        return ((host.hashCode() * 31 + path.hashCode()) * 31 + match.hashCode()) * 31 + matching.hashCode();
    }

    /** {@code HOST/PATH}, with the further conditions in brackets behind it. */
    @Override
    public String toString() {
        return match.isAny() ? host + path : host + path + " [" + match + "]";
    }
}
