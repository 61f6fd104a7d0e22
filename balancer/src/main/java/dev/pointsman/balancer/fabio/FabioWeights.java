package dev.pointsman.balancer.fabio;

import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The arithmetic of fabio's weights. A fixed weight is a part of a route's requests; destinations without one share what is
 * left in equal parts.
 */
public final class FabioWeights {
    /** What a weight has to be. */
    static final String EXPECTED = "a number such as 0.25";

    /** As many slots as a route of fabio's has on its ring. */
    private static final int SLOTS = 10_000;

    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(\\d{1,15}\\.?\\d{0,15}|\\.\\d{1,15})([eE][+-]?\\d{1,2})?");

    private FabioWeights() {}

    /** The weight as a number; null if it is none. Nothing at all is 0: no fixed weight. */
    static @Nullable Double parse(String text) {
        if (text.isEmpty()) {
            return 0.0;
        }
        return NUMBER.matcher(text).matches() ? Double.valueOf(text) : null;
    }

    /**
     * The part of the requests that each destination gets, from 0 to 1. Fixed weights above 1 in sum are divided by their
     * sum, and nothing is left for the others; where all are fixed, and below 1 in sum, they are raised to 1.
     *
     * @param weights the fixed weight of each; 0 and less for none
     */
    public static double[] shares(double[] weights) {
        long fixed = Arrays.stream(weights).filter(weight -> weight > 0).count();
        if (fixed == 0) {
            double[] equal = new double[weights.length];
            Arrays.fill(equal, 1.0 / weights.length);
            return equal;
        }
        double sum = Arrays.stream(weights).filter(weight -> weight > 0).sum();
        boolean isScaled = sum > 1 || fixed == weights.length;
        double scale = isScaled ? 1 / sum : 1;
        double rest = isScaled ? 0 : (1 - sum) / (weights.length - fixed);
        return Arrays.stream(weights)
                .map(weight -> weight > 0 ? weight * scale : rest)
                .toArray();
    }

    /**
     * The shares as whole numbers, in the least terms: for each 10,000th of the requests 1, and at least 1 for whatever gets
     * anything.
     *
     * @param weights the fixed weight of each; 0 and less for none
     */
    public static int[] slots(double[] weights) {
        if (Arrays.stream(weights).noneMatch(weight -> weight > 0)) {
            int[] equal = new int[weights.length];
            Arrays.fill(equal, 1);
            return equal;
        }
        int[] slots =
                Arrays.stream(shares(weights)).mapToInt(FabioWeights::slots).toArray();
        int divisor = Arrays.stream(slots).reduce(0, FabioWeights::greatestCommonDivisor);
        return Arrays.stream(slots).map(slot -> slot / divisor).toArray();
    }

    private static int slots(double share) {
        // 0.29 * 10,000 is a little less than 2,900.
        int slots = (int) Math.floor(SLOTS * share + 1e-6);
        return slots == 0 && share > 0 ? 1 : slots;
    }

    private static int greatestCommonDivisor(int one, int other) {
        return other == 0 ? one : greatestCommonDivisor(other, one % other);
    }
}
