package dev.pointsman.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The time limits of a call.
 *
 * @param connect for a connection to an instance to stand; then the next instance is tried. Default: 2 s
 * @param response from a request being sent whole to the head of its response, over all attempts; then the call fails. The
 *     timeout of a single request, where it has one, counts in its place. Default: 30 s
 * @param attempt after which a request that may be sent again goes on to another instance that has not been tried; null (the
 *     default) waits for the first one as long as for a response
 * @param registry how long a call waits for the registry to say where the instances are, when nothing is known of them yet.
 *     Default: 3 s
 */
public record CallTimeouts(
        Duration connect, Duration response, @Nullable Duration attempt, Duration registry) {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    /** The defaults. */
    public static final CallTimeouts DEFAULT =
            new CallTimeouts(Duration.ofSeconds(2), Duration.ofSeconds(30), null, Duration.ofSeconds(3));

    public CallTimeouts {
        check("connect timeout", connect);
        check("response timeout", response);
        if (attempt != null) {
            check("attempt timeout", attempt);
        }
        check("registry timeout", registry);
    }

    private static void check(String what, Duration time) {
        if (time.compareTo(SHORTEST) < 0 || time.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(what + ": " + time + " (expected: 1 ms to 1 day)");
        }
    }

    /** See {@link #connect()}. */
    public CallTimeouts withConnect(Duration time) {
        return new CallTimeouts(time, response, attempt, registry);
    }

    /** See {@link #response()}. */
    public CallTimeouts withResponse(Duration time) {
        return new CallTimeouts(connect, time, attempt, registry);
    }

    /** See {@link #attempt()}. */
    public CallTimeouts withAttempt(@Nullable Duration time) {
        return new CallTimeouts(connect, response, time, registry);
    }

    /** See {@link #registry()}. */
    public CallTimeouts withRegistry(Duration time) {
        return new CallTimeouts(connect, response, attempt, time);
    }
}
