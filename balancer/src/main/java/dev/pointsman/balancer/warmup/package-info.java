/**
 * Made-up exchanges, both ends of them, to run the data plane with before clients do. Plain Java: no Vert.x, no Netty.
 */
@NullMarked
package dev.pointsman.balancer.warmup;

import org.jspecify.annotations.NullMarked;
