/** Why a request takes the route and the instance that it takes, in words: no I/O, and nothing is decided here. */
@NullMarked
package dev.pointsman.balancer.explain;

import org.jspecify.annotations.NullMarked;
