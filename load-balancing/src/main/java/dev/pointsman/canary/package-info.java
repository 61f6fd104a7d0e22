/**
 * Canaries: the part of a pool's instances that tags mark as a new version on trial gets a share of the users, always the
 * same ones, and loses it when it does worse than the others. Plain Java: no I/O, and no clock that was not handed in.
 *
 * <p>{@link dev.pointsman.canary.CanaryPicks} parts the picks, {@link dev.pointsman.canary.AttemptCounts} counts what
 * became of them, {@link dev.pointsman.canary.CanaryJudge} compares, and {@link dev.pointsman.canary.CanaryControl} decides
 * the shares.
 */
@NullMarked
package dev.pointsman.canary;

import org.jspecify.annotations.NullMarked;
