/**
 * The views of targets, put together from watched lists. Internal: no API, may change in any version.
 *
 * <p>{@code TargetWatch} asks for lists by its port {@code TargetLists}; {@code WatchPool} is behind it, shares each list
 * among the targets, and owns the shared watches and the cache's warm-up.
 */
@NullMarked
package dev.pointsman.registry.consul.internal.view;

import org.jspecify.annotations.NullMarked;
