/**
 * What the counts of requests say of the last few seconds and the last minutes: rates and quantiles, of each service, route and
 * instance. Plain Java; the clock is handed in.
 */
@NullMarked
package dev.pointsman.balancer.traffic;

import org.jspecify.annotations.NullMarked;
