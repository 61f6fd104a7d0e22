package dev.pointsman.balancer.live;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The decision whether something that is looked at again and again has changed and is at rest: a file that is still being
 * written is not worth reading. Given its clock; not thread-safe.
 *
 * @param <S> what is seen, compared by {@code equals}
 */
final class SettledChange<S> {
    private final long quietNanos;
    private S known;
    private @Nullable S changed;
    private long changedAt;

    /**
     * @param known what is the case at first
     * @param quiet for how long a change has to stay as it is
     */
    SettledChange(S known, Duration quiet) {
        this.known = known;
        this.quietNanos = quiet.toNanos();
    }

    /** Whether what is seen now is another thing than before, and has been so for long enough; true once for each change. */
    boolean settled(S seen, long now) {
        if (seen.equals(known)) {
            changed = null;
            return false;
        }
        if (!seen.equals(changed)) {
            changed = seen;
            changedAt = now;
            return false;
        }
        if (nanosLeft(now) > 0) {
            return false;
        }
        known = seen;
        changed = null;
        return true;
    }

    /** The time until a change may be settled, in nanoseconds; {@link Long#MAX_VALUE} where there is none. */
    long nanosLeft(long now) {
        return changed == null ? Long.MAX_VALUE : Math.max(0, changedAt + quietNanos - now);
    }
}
