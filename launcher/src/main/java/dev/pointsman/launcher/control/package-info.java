/** How commands reach the launchers of their user: one Unix domain socket each, in a folder that is nobody else's. */
@NullMarked
package dev.pointsman.launcher.control;

import org.jspecify.annotations.NullMarked;
