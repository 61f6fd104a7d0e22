package dev.pointsman.retry;

import java.util.Set;

/**
 * The rule by which a failed attempt may be followed by another one. Stateless.
 *
 * <p>As long as nothing was sent, any request may go on to the next upstream. Once something was, neither a proxy nor
 * a client must repeat a request whose method is not idempotent (RFC 9110, 9.2.2), and cannot repeat a body that it did not keep. A
 * time-out is not repeated: the service is slow, and asking twice makes it slower; only where a route has an {@code
 * attempt-timeout} does a request go on from an instance that is slower than that. Nor is a response repeated that made
 * no sense: it was a response.
 */
public final class RetryRule {
    /** The idempotent methods (RFC 9110, 9.2.2). */
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    private RetryRule() {}

    /** Whether a method may be sent twice and mean the same as once. */
    public static boolean isIdempotent(String method) {
        return IDEMPOTENT.contains(method);
    }

    /**
     * Whether another attempt may follow this failure.
     *
     * @param kind how the newest attempt failed
     * @param method the request's method
     * @param repeatable whether the request has no body, or its body is still there from the beginning
     * @param attempts how many attempts there were, the failed one included, but not one on a connection that was stale:
     *     there is one of these at the most, as the later ones are on new connections
     */
    public static boolean allows(AttemptFailure kind, String method, boolean repeatable, int attempts) {
        AttemptFailure.Retry retry = kind.retry();
        boolean possible =
                switch (retry) {
                    case NEVER, REFUSED, UNSENT -> true;
                    case IF_KEPT -> repeatable;
                    case IF_REPEATABLE -> repeatable && isIdempotent(method);
                };
        return possible && attempts < retry.mostAttempts();
    }

    /**
     * Why {@link #allows} says no, in a word: {@code not-repeated} where such a failure is never repeated, {@code
     * not-idempotent}, {@code body-not-kept}, or {@code attempts-spent}.
     */
    public static String whyNot(AttemptFailure kind, String method, boolean repeatable) {
        if (kind.retry() == AttemptFailure.Retry.NEVER) {
            return "not-repeated";
        }
        if (kind.retry() == AttemptFailure.Retry.IF_REPEATABLE && !isIdempotent(method)) {
            return "not-idempotent";
        }
        boolean needsBody =
                kind.retry() == AttemptFailure.Retry.IF_REPEATABLE || kind.retry() == AttemptFailure.Retry.IF_KEPT;
        return needsBody && !repeatable ? "body-not-kept" : "attempts-spent";
    }

    /** Whether a request that waits for a response may go on to another upstream; parameters as above. */
    public static boolean mayRetryOnTimeout(String method, boolean repeatable, int attempts) {
        return repeatable && isIdempotent(method) && attempts < AttemptFailure.Retry.IF_REPEATABLE.mostAttempts();
    }

    /**
     * Whether another attempt after this failure counts against the {@link RetryBudget}. A request that was never sent costs
     * an upstream nothing.
     */
    public static boolean costs(AttemptFailure kind) {
        return kind.cost() == AttemptFailure.Cost.BUDGET;
    }
}
