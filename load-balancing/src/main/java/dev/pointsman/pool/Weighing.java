package dev.pointsman.pool;

import dev.pointsman.registry.Instance;

/** What weight an instance has: its metadata's, or the registry's. */
final class Weighing {
    static final String META = "weight";
    /** As in Consul, and in DNS (RFC 2782). */
    private static final int HIGHEST = 65_535;

    private Weighing() {}

    static int weight(Instance instance) {
        int registrys = Math.min(instance.weight(), HIGHEST);
        String own = instance.meta().get(META);
        if (own == null || registrys == 0 || !isWeight(own)) {
            return registrys;
        }
        return Integer.parseInt(own);
    }

    /** Whether the instance's metadata has a weight that is none. */
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
