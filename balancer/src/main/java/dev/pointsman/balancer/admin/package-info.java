/** The balancer's own HTTP API: is it alive, is it ready, what does it know. */
@NullMarked
package dev.pointsman.balancer.admin;

import org.jspecify.annotations.NullMarked;
