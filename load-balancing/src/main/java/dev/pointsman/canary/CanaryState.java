package dev.pointsman.canary;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known about one version on trial, as balancers agree about it. Immutable. Of two states the one after the later
 * readmission counts; of two after the same, an abort counts, and the further step: so balancers that write at the same time
 * come to the same state in whatever order they read each other.
 *
 * @param round how often it was readmitted
 * @param since when it was first seen, or readmitted
 * @param step of the ramp, from 0
 * @param stepSince when that step began
 * @param aborted why its share is 0; null while it is not
 */
public record CanaryState(
        long round,
        Instant since,
        int step,
        Instant stepSince,
        @Nullable CanaryAbort aborted) {
    /**
     * The end of a trial.
     *
     * @param at when
     * @param reason in one sentence, with the figures
     */
    public record CanaryAbort(Instant at, String reason) {}

    /** The state of one that is seen for the first time. */
    static CanaryState first(Instant now) {
        return new CanaryState(0, now, 0, now, null);
    }

    CanaryState nextStep(Instant now) {
        return new CanaryState(round, since, step + 1, now, aborted);
    }

    CanaryState abort(Instant now, String reason) {
        return new CanaryState(round, since, step, stepSince, new CanaryAbort(now, reason));
    }

    CanaryState readmit(Instant now) {
        return new CanaryState(round + 1, now, 0, now, null);
    }

    /** The state that two balancers agree on. */
    public CanaryState with(CanaryState other) {
        if (round != other.round) {
            return round > other.round ? this : other;
        }
        CanaryState further = step == other.step
                ? (stepSince.isAfter(other.stepSince) ? other : this)
                : step > other.step ? this : other;
        return new CanaryState(
                round,
                since.isAfter(other.since) ? other.since : since,
                further.step,
                further.stepSince,
                first(aborted, other.aborted));
    }

    private static @Nullable CanaryAbort first(@Nullable CanaryAbort one, @Nullable CanaryAbort other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        int order = one.at().equals(other.at())
                ? one.reason().compareTo(other.reason())
                : one.at().compareTo(other.at());
        return order <= 0 ? one : other;
    }
}
