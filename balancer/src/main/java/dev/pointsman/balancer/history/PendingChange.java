package dev.pointsman.balancer.history;

import java.time.Instant;

/**
 * A change of the sources of routes that is not in force, because the table of a rollback is. Immutable.
 *
 * @param diff what it changed in what the sources say together
 */
public record PendingChange(Instant at, ChangeCause cause, RouteDiff diff) {}
