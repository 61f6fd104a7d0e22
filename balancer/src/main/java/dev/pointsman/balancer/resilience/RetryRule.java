package dev.pointsman.balancer.resilience;

import java.util.Set;

/**
 * Whether a failed attempt may be followed by another one. Stateless.
 *
 * <p>As long as nothing was sent, any request may go on to the next upstream. Once something was, a proxy must not
 * repeat a request whose method is not idempotent (RFC 9110, 9.2.2), and cannot repeat a body that it did not keep. A
 * time-out is never repeated: the service is slow, and asking twice makes it slower. Nor is an answer that made no sense:
 * it was an answer.
 */
public final class RetryRule {
    /** A pool that is down as a whole should be found out about quickly. */
    private static final int MOST_ATTEMPTS = 3;

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
            case CONNECT_FAILED, CONNECT_TIMEOUT -> attempts < MOST_ATTEMPTS;
            case BROKEN_ANSWER -> attempts < MOST_ATTEMPTS && repeatable && isIdempotent(method);
            default -> false;
        };
    }

    /**
     * Whether another attempt after this failure counts against the {@link RetryBudget}. One that was never sent costs an
     * upstream nothing.
     */
    public static boolean costs(FailureKind kind) {
        return kind == FailureKind.BROKEN_ANSWER;
    }
}
