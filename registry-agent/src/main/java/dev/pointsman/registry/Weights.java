package dev.pointsman.registry;

/**
 * Consul's {@code Weights} of an instance: its share of the traffic, relative to its siblings, by health.
 *
 * @param passing the weight while all checks pass; at least 1 in Consul, 1 by default
 * @param warning the weight while the worst check is a warning; 1 by default, 0 takes the instance out
 */
public record Weights(int passing, int warning) {
    /** Consul's default: a warning changes nothing. */
    public static final Weights DEFAULT = new Weights(1, 1);

    /** The weight that counts in the given health; 0 when the health takes no traffic. */
    public int in(Health health) {
        return switch (health) {
            case PASSING -> passing;
            case WARNING -> warning;
            case CRITICAL, MAINTENANCE -> 0;
        };
    }
}
