/** The way from commands to the launchers of their user: a Unix domain socket for each, in a folder that only the user can open. */
@NullMarked
package dev.pointsman.launcher.control;

import org.jspecify.annotations.NullMarked;
