/**
 * The warm-up: made-up clients and a made-up service, between which the data plane runs before real clients come. The
 * data plane knows nothing of it, and the load nothing of Vert.x and Netty.
 */
@NullMarked
package dev.pointsman.balancer.warmup;

import org.jspecify.annotations.NullMarked;
