package dev.pointsman.canary;

import org.jspecify.annotations.Nullable;

/**
 * The settings for the canaries of a route. Immutable.
 *
 * @param by what tells users apart; the client's address by default
 * @param ramp how the share goes up, instead of what the tag says; null (the default) for what the tag says
 * @param errors by how much its share of errors may be higher than that of the others, from 0 to 1; 0.01 by default
 * @param slower how many times as long as the others' its 99th percentile may be, 1 or more; 2 by default
 * @param samples requests that it must have had, and the others, to be compared; 200 by default
 */
public record CanaryOptions(UserKey by, @Nullable CanaryRamp ramp, double errors, double slower, int samples) {
    public static final CanaryOptions DEFAULT = new CanaryOptions(UserKey.ADDRESS, null, 0.01, 2, 200);

    public CanaryOptions {
        if (!(errors >= 0 && errors < 1) || !(slower >= 1) || samples < 1) {
            throw new IllegalArgumentException("canary: errors " + errors + ", slower " + slower + ", samples "
                    + samples + " (expected: 0 to 1, 1 or more, 1 or more)");
        }
    }
}
