package dev.pointsman.balancer.resilience;

import java.util.Set;

/**
 * Whether a failed attempt may be followed by another one. Stateless.
 *
 * <p>As long as nothing was sent, any request may go on to the next upstream. Once something was, a proxy must not
 * repeat a request whose method is not idempotent (RFC 9110, 9.2.2), and cannot repeat a body that it passed on without
 * keeping it. A time-out is never repeated: the service is slow, and asking twice makes it slower.
 */
public final class RetryRule {
    /** Connection failures cost little; still, a pool that is down as a whole should be found out about quickly. */
    private static final int MOST_ATTEMPTS_UNSENT = 3;

    private static final int MOST_ATTEMPTS_SENT = 2;

    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    private RetryRule() {}

    /**
     * Says whether to try again.
     *
     * @param kind how the newest attempt failed
     * @param method the request's method
     * @param hasBody whether the request has a body
     * @param attempts how many attempts there were, the failed one included
     */
    public static boolean allows(FailureKind kind, String method, boolean hasBody, int attempts) {
        return switch (kind) {
            case CONNECT_FAILED, CONNECT_TIMEOUT -> attempts < MOST_ATTEMPTS_UNSENT;
            case BROKEN_ANSWER -> attempts < MOST_ATTEMPTS_SENT && !hasBody && IDEMPOTENT.contains(method);
            case BAD_HOST, BAD_TARGET, CONNECT_METHOD, UNKNOWN_CODING, UNKNOWN_VERSION -> false;
            case NO_ROUTE, NO_INSTANCE, RESPONSE_TIMEOUT, CLIENT_GONE -> false;
        };
    }
}
