/**
 * The counts and times of requests: written by each event loop for itself, without a lock, an allocation or a write that two
 * loops share, and added up when somebody asks.
 */
@NullMarked
package dev.pointsman.balancer.metrics;

import org.jspecify.annotations.NullMarked;
