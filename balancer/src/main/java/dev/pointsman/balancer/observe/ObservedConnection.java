package dev.pointsman.balancer.observe;

import dev.pointsman.pool.Upstream;
import org.jspecify.annotations.Nullable;

/**
 * A connection of TCP that is over, as those see it who log it. Immutable.
 *
 * @param client the address that it came from first, as far as that is believed; null where it is not known
 * @param peer the address of the other end of the connection; null where it is not known
 * @param name the name that the client asked for, of TLS that is passed through; null for none
 * @param route the route that took it; null for none
 * @param service the name of the target that the route leads to; null for none
 * @param upstream the instance of the last attempt; null if there was none
 * @param attempts how many instances were tried
 * @param ending {@link RequestEnding#COMPLETE} where both sides had sent all
 * @param failure why not, by the code that metrics have; null if they had
 * @param times how long it took
 * @param receivedBytes bytes from the client to the instance
 * @param sentBytes bytes from the instance to the client
 */
public record ObservedConnection(
        @Nullable String client,
        @Nullable String peer,
        @Nullable String name,
        @Nullable String route,
        @Nullable String service,
        @Nullable Upstream upstream,
        int attempts,
        RequestEnding ending,
        @Nullable String failure,
        ConnectionTimes times,
        long receivedBytes,
        long sentBytes) {
    /**
     * How long parts of a connection took, in nanoseconds.
     *
     * @param duration from the client's connect to the end
     * @param waited for a place at an instance; 0 for not at all
     * @param connecting to instances, all attempts together
     * @param firstByte from the client's connect to the first byte of an instance; -1 if none came
     */
    public record ConnectionTimes(long duration, long waited, long connecting, long firstByte) {
        /** From the first byte of an instance to the end; -1 if none came. */
        public long afterFirstByte() {
            return firstByte < 0 ? -1 : duration - firstByte;
        }
    }
}
