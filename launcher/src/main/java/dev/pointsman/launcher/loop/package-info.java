/** The one thread that a launcher decides on, as a port: real, or with a clock that tests turn. */
@NullMarked
package dev.pointsman.launcher.loop;

import org.jspecify.annotations.NullMarked;
