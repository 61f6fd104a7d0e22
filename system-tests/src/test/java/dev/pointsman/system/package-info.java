/**
 * The whole system as its users have it: the two jars as processes of their own, a real Consul, real signals. {@link
 * dev.pointsman.system.Cluster} starts and ends the processes, {@link dev.pointsman.system.Load} sends requests all the
 * while. Everything waits for conditions, with bounds that a slow machine keeps; no test depends on how fast it is.
 */
@NullMarked
package dev.pointsman.system;

import org.jspecify.annotations.NullMarked;
