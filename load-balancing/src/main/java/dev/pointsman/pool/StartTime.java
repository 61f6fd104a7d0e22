package dev.pointsman.pool;

import dev.pointsman.registry.Instance;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The time at which an instance's process started, by {@code started} in its metadata: as the registry agent writes it (ISO 8601), or in
 * milliseconds since 1970.
 */
final class StartTime {
    private static final String META = "started";

    private StartTime() {}

    /** The start time; null if the metadata have none, or none in a form that can be read. */
    static @Nullable Instant of(Instance instance) {
        String text = instance.meta().get(META);
        if (text == null) {
            return null;
        }
        try {
            return isMillis(text) ? Instant.ofEpochMilli(Long.parseLong(text)) : Instant.parse(text);
        } catch (DateTimeException notATime) {
            return null;
        }
    }

    /** Whether two registrations of one instance are of the same process, as far as they tell. */
    static boolean isSameProcess(Instance one, Instance other) {
        return one.authority().equals(other.authority())
                && Objects.equals(one.meta().get(META), other.meta().get(META));
    }

    private static boolean isMillis(String text) {
        return !text.isEmpty() && text.length() <= 15 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
