package dev.pointsman.pool;

import dev.pointsman.registry.Instance;

/** The weight of an instance: the one in its metadata, or the registry's. */
final class InstanceWeight {
    static final String META = "weight";
    /** The highest weight, as in Consul, and in DNS (RFC 2782). */
    private static final int HIGHEST = 65_535;

    private InstanceWeight() {}

    static int of(Instance instance) {
        int byRegistry = Math.min(instance.weight(), HIGHEST);
        String own = instance.meta().get(META);
        if (own == null || byRegistry == 0 || !isWeight(own)) {
            return byRegistry;
        }
        return Integer.parseInt(own);
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
