package dev.pointsman.registry.embedded;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The state of one check, from best to worst, named as on the wire. */
enum Status {
    PASSING,
    WARNING,
    CRITICAL;

    private final String wire = name().toLowerCase(Locale.ROOT);

    String wire() {
        return wire;
    }

    Status or(Status other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /** The status of that name, or null when there is none. */
    static @Nullable Status of(String wire) {
        for (Status status : values()) {
            if (status.wire.equals(wire)) {
                return status;
            }
        }
        return null;
    }
}
