package dev.pointsman.canary;

/**
 * Tests for shares of yes and no that hold for every number of samples, by Chernoff's bound: of {@code n} independent trials
 * of probability {@code p}, a share {@code s} or more beyond {@code p} has at most the probability {@code exp(-n kl(s, p))},
 * where {@code kl} is the relative entropy. There is no normal approximation, which would be wrong just where errors are rare.
 */
final class Chernoff {
    private static final int HALVINGS = 60;

    private Chernoff() {}

    /** The relative entropy of two coins, in nats. */
    static double kl(double share, double probability) {
        return part(share, probability) + part(1 - share, 1 - probability);
    }

    private static double part(double share, double probability) {
        if (share <= 0) {
            return 0;
        }
        return probability <= 0 ? Double.POSITIVE_INFINITY : share * Math.log(share / probability);
    }

    /** How much speaks against a probability of this or less: chance has that, or more, with {@code exp(-evidence)} at most. */
    static double above(long hits, long trials, double probability) {
        double share = trials == 0 ? 0 : (double) hits / trials;
        return share <= probability ? 0 : trials * kl(share, probability);
    }

    /** How much speaks against a probability of this or more. */
    static double below(long hits, long trials, double probability) {
        double share = trials == 0 ? 1 : (double) hits / trials;
        return share >= probability ? 0 : trials * kl(share, probability);
    }

    /**
     * How much speaks against the first probability being at most {@code margin} more than the second one: the least evidence
     * against both together that any pair of such probabilities leaves. Chance has that, or more, with
     * {@code (1 + evidence) exp(-evidence)} at most: that of a sum of two.
     */
    static double excess(long hits, long trials, long otherHits, long otherTrials, double margin) {
        if (trials == 0 || otherTrials == 0) {
            return 0;
        }
        double low = (double) otherHits / otherTrials;
        double high = (double) hits / trials - margin;
        if (high <= low) {
            return 0;
        }
        // The sum is convex in the other probability, so that its least value is found by thirds.
        for (int i = 0; i < HALVINGS; i++) {
            double left = low + (high - low) / 3;
            double right = high - (high - low) / 3;
            if (both(hits, trials, otherHits, otherTrials, margin, left)
                    < both(hits, trials, otherHits, otherTrials, margin, right)) {
                high = right;
            } else {
                low = left;
            }
        }
        return both(hits, trials, otherHits, otherTrials, margin, (low + high) / 2);
    }

    private static double both(
            long hits, long trials, long otherHits, long otherTrials, double margin, double probability) {
        return above(hits, trials, Math.min(1, probability + margin)) + below(otherHits, otherTrials, probability);
    }

    /** Whether chance alone has such an {@link #excess} with at most this probability. */
    static boolean isExcess(double evidence, double chance) {
        return evidence - Math.log1p(evidence) >= -Math.log(chance);
    }
}
