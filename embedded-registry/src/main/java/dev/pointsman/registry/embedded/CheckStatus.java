package dev.pointsman.registry.embedded;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The state of one check, from best to worst, named as on the wire. */
enum CheckStatus {
    PASSING,
    WARNING,
    CRITICAL;

    private final String wire = name().toLowerCase(Locale.ROOT);

    String wire() {
        return wire;
    }

    CheckStatus or(CheckStatus other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /** The status of that name, or null when there is none. */
    static @Nullable CheckStatus of(String wire) {
        for (CheckStatus status : values()) {
            if (status.wire.equals(wire)) {
                return status;
            }
        }
        return null;
    }
}
