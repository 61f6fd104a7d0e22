package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.pool.Upstream;
import dev.pointsman.retry.RetryRule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one exchange that have failed, and what follows from them: which upstreams are not asked again, and whether another
 * attempt may follow. Nearly all exchanges have none.
 */
final class FailedAttempts {
    private final List<Upstream> tried = new ArrayList<>(2);
    private @Nullable FailureKind lastKind;
    private @Nullable Throwable lastCause;
    private int stale;

    /** Notes that one has failed before its response began. */
    void add(FailureKind kind, Throwable cause) {
        lastKind = kind;
        lastCause = cause;
        if (kind.attempt().isOfReuse()) {
            stale++;
        }
    }

    /** Notes that an upstream is not to be asked again. */
    void markTried(Upstream upstream) {
        if (!tried.contains(upstream)) {
            tried.add(upstream);
        }
    }

    /** The upstreams that are not asked again. */
    List<Upstream> tried() {
        return tried;
    }

    /** The kind of the last failure; null if there was only an upstream that was too slow. */
    @Nullable
    FailureKind lastKind() {
        return lastKind;
    }

    /** What caused the last failure, if that was of this kind. */
    @Nullable
    Throwable causeOf(FailureKind kind) {
        return kind == lastKind ? lastCause : null;
    }

    /** What caused the last failure. */
    @Nullable
    Throwable lastCause() {
        return lastCause;
    }

    /** Whether an instance whose connection broke, or went away in order, may be fine on a new one. */
    boolean isOfConnection() {
        return lastKind == FailureKind.BROKEN_RESPONSE || lastKind == FailureKind.NOT_PROCESSED;
    }

    /**
     * Whether the rule allows another attempt.
     *
     * @param attempts how many there were; those on connections that were stale do not count
     */
    boolean allowAnother(FailureKind kind, String method, boolean repeatable, int attempts) {
        return RetryRule.allows(kind.attempt(), method, repeatable, attempts - stale);
    }
}
