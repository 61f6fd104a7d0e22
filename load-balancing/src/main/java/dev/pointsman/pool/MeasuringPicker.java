package dev.pointsman.pool;

import org.jspecify.annotations.Nullable;

/** A picker that has the attempts at some of its upstreams counted. Thread-safe. */
public interface MeasuringPicker extends Picker {
    /** The meter of attempts at an upstream; null if they are not counted. */
    @Nullable
    AttemptMeter meterOf(Upstream picked);
}
