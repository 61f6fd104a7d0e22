package dev.pointsman.launcher.api;

import java.time.Instant;

/**
 * The last replacement of a slot's instance by another one.
 *
 * @param reason why, as the end of a sentence: {@code reload}, {@code exited with code 3}
 * @param at when the new instance took its place, or was begun to be started in place of a failed one
 */
public record LastReplacement(String reason, Instant at) {}
