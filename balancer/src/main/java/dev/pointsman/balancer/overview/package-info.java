/** The live view of a balancer: its state and its traffic at a glance, asked for or as a stream of events. */
@NullMarked
package dev.pointsman.balancer.overview;

import org.jspecify.annotations.NullMarked;
