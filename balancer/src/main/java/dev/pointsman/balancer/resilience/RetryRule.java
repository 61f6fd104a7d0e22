package dev.pointsman.balancer.resilience;

import java.util.Set;

/**
 * The rule by which a failed attempt may be followed by another one. Stateless.
 *
 * <p>As long as nothing was sent, any request may go on to the next upstream. Once something was, a proxy must not
 * repeat a request whose method is not idempotent (RFC 9110, 9.2.2), and cannot repeat a body that it did not keep. A
 * time-out is not repeated: the service is slow, and asking twice makes it slower; only where a route has an {@code
 * attempt-timeout} does a request go on from an instance that is slower than that. Nor is a response repeated that made
 * no sense: it was a response.
 */
public final class RetryRule {
    /** A pool that is down as a whole should be found out about quickly. */
    private static final int MOST_ATTEMPTS = 3;

    /** A refusal takes no time, and many instances may have gone at once. */
    private static final int MOST_REFUSALS = 10;

    /** RFC 9110, 9.2.2. */
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    private RetryRule() {}

    /** Whether a method may be sent twice and mean the same as once. */
    public static boolean isIdempotent(String method) {
        return IDEMPOTENT.contains(method);
    }

    /**
     * Says whether to try again.
     *
     * @param kind how the newest attempt failed
     * @param method the request's method
     * @param repeatable whether the request has no body, or one that is still there from its beginning
     * @param attempts how many attempts there were, the failed one included
     */
    public static boolean allows(FailureKind kind, String method, boolean repeatable, int attempts) {
        return switch (kind) {
            case CONNECT_FAILED -> attempts < MOST_REFUSALS;
            case CONNECT_TIMEOUT -> attempts < MOST_ATTEMPTS;
            case BROKEN_RESPONSE -> attempts < MOST_ATTEMPTS && repeatable && isIdempotent(method);
            default -> false;
        };
    }

    /** Whether a request that waits for a response may go on to another upstream; parameters as above. */
    public static boolean mayRetryOnTimeout(String method, boolean repeatable, int attempts) {
        return attempts < MOST_ATTEMPTS && repeatable && isIdempotent(method);
    }

    /**
     * Whether another attempt after this failure counts against the {@link RetryBudget}. One that was never sent costs
     * an upstream nothing.
     */
    public static boolean costs(FailureKind kind) {
        return kind == FailureKind.BROKEN_RESPONSE;
    }
}
