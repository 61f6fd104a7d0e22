package dev.pointsman.registry;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The state of a watch at one moment: how current it is, and what is wrong. Immutable.
 *
 * @param index the registry's index of the newest response, as an unsigned number (print it with
 *     {@link Long#toUnsignedString(long)}); 0 before the first response
 * @param lastResponse when the registry last responded with data, or null if it never did. A healthy watch of a quiet
 *     service has a response about every {@code wait} (5 s), so a time that is not much older is no fault
 * @param lastChange when the newest view was passed on, or null if none was: the newest time at which a response
 *     of the registry changed anything here. A change is passed on in the moment in which the response is parsed
 * @param lastError the newest failure in one sentence; where the newest response was good and in doubt, why instances that it
 *     does not list are retained, as long as any are; else null
 * @param failures how many attempts in a row have failed, 0 when the newest response was good
 */
public record WatchStatus(
        long index,
        @Nullable Instant lastResponse,
        @Nullable Instant lastChange,
        @Nullable String lastError,
        int failures) {
    /** Before anything happened. */
    public static final WatchStatus NEW = new WatchStatus(0, null, null, null, 0);

    /**
     * The reason why what is followed has no view yet, as one sentence without a full stop.
     *
     * @param registry how the sentence begins: the registry's name and place, for instance the text of a {@code ConsulRegistry}
     */
    public String whyNoView(String registry) {
        return registry
                + (lastError == null ? " has not responded yet" : " has not responded with data yet: " + lastError);
    }
}
