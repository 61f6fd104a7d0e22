package dev.pointsman.balancer.fabio;

import dev.pointsman.balancer.route.RouteKey.PathMatching;

/** The ways in which fabio reads the paths of all its routes: its setting {@code proxy.matcher}. */
public enum FabioMatcher {
    /** A prefix of characters, whatever follows. The default. */
    PREFIX(PathMatching.PREFIX),
    /** A prefix of characters in any case. */
    IPREFIX(PathMatching.PREFIX_ANY_CASE),
    /** A {@link Glob} of the whole path. */
    GLOB(PathMatching.GLOB);

    private final PathMatching matching;

    FabioMatcher(PathMatching matching) {
        this.matching = matching;
    }

    /** The same in a route's key. */
    public PathMatching matching() {
        return matching;
    }
}
