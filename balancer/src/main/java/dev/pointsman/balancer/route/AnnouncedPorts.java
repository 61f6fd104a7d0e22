package dev.pointsman.balancer.route;

import java.util.Set;

/**
 * The ports for whose connections routes may be announced: those that the configuration opens for it. Immutable, thread-safe.
 *
 * @param numbers those of the ports for a single route
 * @param passthrough whether there is one that passes TLS through, where names may be announced
 */
public record AnnouncedPorts(Set<Integer> numbers, boolean passthrough) {
    /** None. */
    public static final AnnouncedPorts NONE = new AnnouncedPorts(Set.of(), false);

    public AnnouncedPorts {
        numbers = Set.copyOf(numbers);
    }

    /** Whether a route of connections may be announced. */
    public boolean admits(RouteKey key) {
        boolean isName = key.path().equals(RouteKey.EVERY_PASSTHROUGH);
        return isName
                ? passthrough
                : numbers.stream().anyMatch(number -> key.path().equals(":" + number));
    }
}
