package dev.pointsman.balancer.route;

/**
 * The requests that a route is for. Two routes with equal keys are two statements about the same requests. Immutable.
 *
 * @param host the requested hosts
 * @param path a path that starts with {@code /} and, read by {@link PathMatching#SEGMENTS}, does not end with one, unless
 *     it is {@code /} itself
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
        GLOB
    }

    /** Accepts a prefix of segments with or without a slash at its end, which makes no difference. */
    public RouteKey {
        while (matching == PathMatching.SEGMENTS && path.length() > 1 && path.endsWith("/")) {
            path = path.substring(0, path.length() - 1);
        }
        if (!path.startsWith("/")) {
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
