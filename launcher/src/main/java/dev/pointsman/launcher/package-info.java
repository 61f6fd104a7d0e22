/**
 * The launcher: runs N instances of any program, keeps them alive and registered, and replaces them without a gap. A new
 * instance is known to be used by balancers before an old one is drained, and the old one is known to be idle before it is
 * stopped. The way in: {@link dev.pointsman.launcher.Launcher}, and {@link dev.pointsman.launcher.RegisteredCommand} for one
 * program where a platform is the launcher.
 */
@NullMarked
package dev.pointsman.launcher;

import org.jspecify.annotations.NullMarked;
