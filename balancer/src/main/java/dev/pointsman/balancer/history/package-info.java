/** What became of the routes while the balancer runs: the tables, what each changed, and who changed it. Plain Java. */
@NullMarked
package dev.pointsman.balancer.history;

import org.jspecify.annotations.NullMarked;
