/** The configuration while the balancer runs: noticing that its files changed, deciding what that changes, and saying what is in force. */
@NullMarked
package dev.pointsman.balancer.live;

import org.jspecify.annotations.NullMarked;
