/** Notices that files have changed, once a burst. */
@NullMarked
package dev.pointsman.launcher.watch;

import org.jspecify.annotations.NullMarked;
