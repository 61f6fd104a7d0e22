package dev.pointsman.balancer.route;

/**
 * The instances that carry a tag in the registry, or whose service has that name.
 *
 * @param name the tag or service name
 */
public record TagTarget(String name) implements Target {
    public TagTarget {
        if (name.isBlank()) {
            throw new IllegalArgumentException("target: blank (expected: a tag or a service name)");
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
