package dev.pointsman.canary;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A canary at one moment, for people. Immutable.
 *
 * @param version what is on trial
 * @param share of the users that it gets, as it is written: {@code 5%}
 * @param step of the ramp, from 1; 0 without a ramp
 * @param steps of the ramp; 0 without one
 * @param since when it was first seen, or readmitted
 * @param aborted why its share is 0; null while it is not
 * @param attempts that had a verdict, at its instances, from this balancer
 * @param errors of these
 * @param p99Micros about the time to the head of the response that one of a hundred exceeds, in microseconds
 * @param othersAttempts the same of the other instances of the pool, since it has canaries
 * @param othersErrors of these
 * @param othersP99Micros of these
 */
public record CanaryView(
        String version,
        String share,
        int step,
        int steps,
        Instant since,
        CanaryState.@Nullable CanaryAbort aborted,
        long attempts,
        long errors,
        long p99Micros,
        long othersAttempts,
        long othersErrors,
        long othersP99Micros) {}
