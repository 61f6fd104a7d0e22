/**
 * Instances that are written down instead of registered, and the balancer's own checks of instances, registered ones
 * included: what stands between where instances are known from and the pools.
 */
@NullMarked
package dev.pointsman.balancer.health;

import org.jspecify.annotations.NullMarked;
