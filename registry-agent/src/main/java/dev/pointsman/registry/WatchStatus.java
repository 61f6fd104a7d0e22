package dev.pointsman.registry;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a watch is doing.
 *
 * @param index the registry's index of the newest answer, as an unsigned number (print it with
 *     {@link Long#toUnsignedString(long)}); 0 before the first answer
 * @param lastAnswer when the registry last answered with data, or null if it never did. A healthy watch of a quiet
 *     service hears something about every {@code wait} (55 s), so an old time alone is no fault
 * @param lastChange when the newest view was passed on, or null if none was: the newest time at which the registry's word
 *     changed anything here. A change is passed on in the moment in which the registry's answer was read
 * @param lastError the newest failure in one sentence, or null when the newest answer was good
 * @param failures how many attempts in a row have failed, 0 when the newest answer was good
 */
public record WatchStatus(
        long index,
        @Nullable Instant lastAnswer,
        @Nullable Instant lastChange,
        @Nullable String lastError,
        int failures) {
    /** Before anything happened. */
    public static final WatchStatus NEW = new WatchStatus(0, null, null, null, 0);
}
