/** A watch for changed files, with one callback for a burst of changes. */
@NullMarked
package dev.pointsman.launcher.watch;

import org.jspecify.annotations.NullMarked;
