/** The single thread of a launcher, as a port: a real one, or one with a manual clock in tests. */
@NullMarked
package dev.pointsman.launcher.loop;

import org.jspecify.annotations.NullMarked;
