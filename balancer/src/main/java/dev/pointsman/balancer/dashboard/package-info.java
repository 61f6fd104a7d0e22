/** The dashboard: one page at {@code /} of the admin port. docs/dashboard.md describes it. */
@NullMarked
package dev.pointsman.balancer.dashboard;

import org.jspecify.annotations.NullMarked;
