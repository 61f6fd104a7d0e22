/** Clients and servers that others wrote, on both sides of a whole balancer. */
@NullMarked
package dev.pointsman.balancer.interop;

import org.jspecify.annotations.NullMarked;
