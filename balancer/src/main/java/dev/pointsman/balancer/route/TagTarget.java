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

    /** By hand: a start waits for the one that the JVM generates. */
    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
