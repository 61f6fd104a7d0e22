package dev.pointsman.balancer.route;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The upstreams that are written down in a route. Two that name the same upstreams in the same order, with the same weights,
 * are equal and share a pool. Immutable.
 *
 * @param upstreams one or more, each address once
 */
public record StaticTarget(List<StaticUpstream> upstreams) implements Target {
    private static final int NAMED = 3;

    /**
     * Takes the list over.
     *
     * @throws IllegalArgumentException if it is empty, an address stands twice in it, or some are spoken to over TLS and some are not
     */
    public StaticTarget {
        upstreams = List.copyOf(upstreams);
        if (upstreams.isEmpty()) {
            throw new IllegalArgumentException("no upstream (expected: at least one)");
        }
        boolean secure = upstreams.get(0).secure();
        Set<String> seen = new HashSet<>();
        for (StaticUpstream upstream : upstreams) {
            if (upstream.secure() != secure) {
                throw new IllegalArgumentException("\"" + upstream + "\" beside \"" + upstreams.get(0)
                        + "\" (expected: http:// for all upstreams of a route, or https:// for all)");
            }
            if (!seen.add(upstream.authority())) {
                throw new IllegalArgumentException("\"" + upstream
                        + "\" stands twice (expected: each upstream once, with a weight where it is to get more)");
            }
        }
    }

    /** Whether its upstreams are spoken to over TLS. */
    public boolean isSecure() {
        return upstreams.get(0).secure();
    }

    /** Its first URLs. */
    @Override
    public String name() {
        String first =
                upstreams.stream().limit(NAMED).map(StaticUpstream::toString).collect(Collectors.joining(","));
        return upstreams.size() > NAMED ? first + " and " + (upstreams.size() - NAMED) + " more" : first;
    }

    @Override
    public String toString() {
        return name();
    }
}
