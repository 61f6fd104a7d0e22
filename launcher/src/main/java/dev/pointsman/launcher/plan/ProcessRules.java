package dev.pointsman.launcher.plan;

import org.jspecify.annotations.Nullable;

/**
 * What a launcher and the program of one type agree on.
 *
 * @param readyLine the text that a line of its output has when the program is ready: it is registered then, and not before; or null:
 *     that it responds is enough. Default: null
 * @param stopSignal the signal that asks an instance to end. Default: TERM
 * @param numberVariable the variable that numbers the instances of the type from 0. Default: {@code POINTSMAN_INSTANCE}
 */
public record ProcessRules(@Nullable String readyLine, StopSignal stopSignal, String numberVariable) {
    /** The default rules. */
    public static final ProcessRules DEFAULT = new ProcessRules(null, StopSignal.TERM, "POINTSMAN_INSTANCE");

    /** The signals that may ask a program to end. */
    public enum StopSignal {
        TERM,
        INT,
        QUIT,
        HUP,
        USR1,
        USR2
    }
}
