package dev.pointsman.pool;

import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;

/** The weight of an instance: the one in its metadata, or the registry's. */
final class InstanceWeight {
    static final String META = "weight";
    /** The highest weight, as in Consul, and in DNS (RFC 2782). */
    private static final int HIGHEST = 65_535;

    private InstanceWeight() {}

    /** The weight in its present health; of one that is critical, what it has when it passes. */
    static int of(Instance instance) {
        int byRegistry = Math.min(byRegistry(instance), HIGHEST);
        String own = instance.meta().get(META);
        if (own == null || byRegistry == 0 || !isWeight(own)) {
            return byRegistry;
        }
        return Integer.parseInt(own);
    }

    private static int byRegistry(Instance instance) {
        // A critical one is used when its pool fails open, and then by its share.
        return instance.health() == Health.WARNING
                ? instance.weights().warning()
                : instance.weights().passing();
    }

    /** Whether its weight was set to 0, whatever its health: it is to get nothing, not even for want of others. */
    static boolean isZero(Instance instance) {
        String own = instance.meta().get(META);
        return instance.weights().passing() == 0 || (own != null && isWeight(own) && Integer.parseInt(own) == 0);
    }

    /** Whether the instance's metadata has a weight that cannot be read. */
    static boolean hasBadWeight(Instance instance) {
        String own = instance.meta().get(META);
        return own != null && !isWeight(own);
    }

    private static boolean isWeight(String text) {
        return !text.isEmpty()
                && text.length() <= 5
                && text.chars().allMatch(c -> c >= '0' && c <= '9')
                && Integer.parseInt(text) <= HIGHEST;
    }
}
