package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.resilience.AdmissionQueue;
import dev.pointsman.balancer.resilience.PoolTraffic;
import dev.pointsman.pool.Pool;
import org.jspecify.annotations.Nullable;

/**
 * The pool that a route's requests go to, and what all event loops share beside it. Thread-safe.
 *
 * @param room where requests wait for a place; null where nothing is limited
 * @param traffic counts what happened to them
 */
public record RoutePool(Pool pool, @Nullable AdmissionQueue room, PoolTraffic traffic) {}
