/** The balancer's own HTTP API: liveness, readiness and state. */
@NullMarked
package dev.pointsman.balancer.admin;

import org.jspecify.annotations.NullMarked;
