package dev.pointsman.pool;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Failing open: counts the picks of a snapshot in which nothing looks healthy, and has a request that failed on all that
 * do look healthy go on to one that does not, rather than be refused. One that is only full is waited for instead.
 */
final class LastResort implements Picker {
    private final Picker policy;
    private final Selection selection;
    private final LongAdder failOpenPicks;

    private LastResort(Picker policy, Selection selection, LongAdder failOpenPicks) {
        this.policy = policy;
        this.selection = selection;
        this.failOpenPicks = failOpenPicks;
    }

    /** The policy's picker itself where there is no one to resort to. */
    static Picker behind(Picker policy, Selection selection, LongAdder failOpenPicks) {
        return selection.failOpen() || !selection.spare().isEmpty()
                ? new LastResort(policy, selection, failOpenPicks)
                : policy;
    }

    @Override
    public @Nullable Upstream pick(List<Upstream> tried, RequestFacts request) {
        Upstream picked = policy.pick(tried, request);
        if (selection.failOpen()) {
            return counted(picked);
        }
        return picked == null && !tried.isEmpty() ? counted(spare(tried)) : picked;
    }

    private @Nullable Upstream spare(List<Upstream> tried) {
        for (Upstream upstream : selection.ready()) {
            if (!tried.contains(upstream) && upstream.availability() == Availability.READY) {
                return null;
            }
        }
        for (Upstream upstream : selection.spare()) {
            if (!tried.contains(upstream) && upstream.hasRoom()) {
                return upstream;
            }
        }
        return null;
    }

    private @Nullable Upstream counted(@Nullable Upstream picked) {
        if (picked != null) {
            failOpenPicks.increment();
        }
        return picked;
    }

    @Override
    public @Nullable String token(Upstream picked, RequestFacts request) {
        return policy.token(picked, request);
    }
}
