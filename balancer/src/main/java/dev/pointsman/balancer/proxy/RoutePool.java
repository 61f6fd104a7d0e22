package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.resilience.AdmissionQueue;
import dev.pointsman.balancer.resilience.PoolTraffic;
import dev.pointsman.pool.Pool;
import org.jspecify.annotations.Nullable;

/**
 * The pool that a route's requests go to, and what all event loops share beside it. Thread-safe.
 *
 * @param queue where requests wait for a permit; null where nothing is limited
 * @param traffic counts what happened to them
 */
public record RoutePool(Pool pool, @Nullable AdmissionQueue queue, PoolTraffic traffic) {}
