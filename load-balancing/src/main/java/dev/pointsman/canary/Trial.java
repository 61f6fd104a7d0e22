package dev.pointsman.canary;

import dev.pointsman.canary.AttemptCounts.Tally;
import dev.pointsman.pool.Availability;
import dev.pointsman.pool.Upstream;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One version on trial in one pool: its state, its counts, and its judge. Not thread-safe. */
final class Trial {
    private final CanaryOptions options;
    private final CanaryGroup group;
    private final AttemptCounts others;
    private CanaryState state;
    private CanaryJudge judge;

    /** The share by its tags while its instances are listed; {@link #ABSENT} while there are none. */
    private int tagged = ABSENT;

    static final int ABSENT = -1;

    Trial(String version, CanaryOptions options, AttemptCounts others, CanaryState state, LongSupplier nanos) {
        this.options = options;
        this.group = new CanaryGroup(version, new AttemptCounts(nanos));
        this.others = others;
        this.state = state;
        this.judge = newJudge();
    }

    private CanaryJudge newJudge() {
        return new CanaryJudge(options, group.counts().now(), others.now());
    }

    CanaryGroup group() {
        return group;
    }

    String version() {
        return group.version();
    }

    CanaryState state() {
        return state;
    }

    boolean isPresent() {
        return tagged != ABSENT;
    }

    boolean isAborted() {
        return state.aborted() != null;
    }

    boolean isTagged(int share) {
        return tagged == share;
    }

    /** Notes the share by its tags. */
    void tagged(int share) {
        tagged = share;
    }

    /** Takes over a state; another chance begins with nothing held against it. */
    void become(CanaryState next) {
        boolean another = next.round() != state.round();
        state = next;
        if (another) {
            judge = newJudge();
        }
    }

    /** The share that it should have, before it is known what other canaries want. A tag of 0% holds it there, ramp or not. */
    int wanted() {
        CanaryRamp ramp = options.ramp();
        if (isAborted() || tagged <= 0) {
            return 0;
        }
        return ramp == null ? tagged : ramp.share(state.step());
    }

    /** Why it is to be aborted, in one sentence; null if it is not. */
    @Nullable
    String verdict(List<Upstream> upstreams) {
        if (isAborted()) {
            return null;
        }
        boolean exhausted = isExhausted(upstreams);
        if (!judge.isDue(group.counts().attempts(), others.attempts(), exhausted)) {
            return null;
        }
        return judge.look(group.counts().now(), others.now(), exhausted);
    }

    /** Whether the time of its step is over, and it has shown itself in it: one that is ejected goes no further. */
    boolean isStepOver(Instant now, List<Upstream> upstreams) {
        CanaryRamp ramp = options.ramp();
        return ramp != null
                && wanted() > 0
                && state.step() < ramp.shares().size() - 1
                && !now.isBefore(state.stepSince().plus(ramp.every()))
                && upstreams.stream()
                        .anyMatch(upstream -> isOwn(upstream) && upstream.availability() == Availability.READY);
    }

    private boolean isExhausted(List<Upstream> upstreams) {
        boolean ejected = false;
        for (Upstream upstream : upstreams) {
            if (isOwn(upstream)) {
                switch (upstream.availability()) {
                    case READY -> {
                        return false;
                    }
                    case EJECTED, PROBING -> ejected = true;
                    case WEIGHTLESS, CRITICAL, MAINTENANCE, DRAINED, GONE -> {}
                }
            }
        }
        return ejected;
    }

    private boolean isOwn(Upstream upstream) {
        CanaryTag tag = CanaryTag.of(upstream.instance());
        return tag != null && tag.version().equals(version());
    }

    CanaryView view() {
        Tally own = group.counts().now();
        Tally theirs = others.now();
        CanaryRamp ramp = options.ramp();
        int steps = ramp == null ? 0 : ramp.shares().size();
        return new CanaryView(
                version(),
                CanaryTag.written(group.share()),
                Math.min(steps, state.step() + 1),
                steps,
                state.since(),
                state.aborted(),
                own.attempts(),
                own.errors(),
                own.percentile99(),
                theirs.attempts(),
                theirs.errors(),
                theirs.percentile99());
    }
}
