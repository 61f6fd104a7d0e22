/** Tests of the dashboard in a real browser: against figures that are made up, and against a real balancer. */
@NullMarked
package dev.pointsman.system.dashboard;

import org.jspecify.annotations.NullMarked;
