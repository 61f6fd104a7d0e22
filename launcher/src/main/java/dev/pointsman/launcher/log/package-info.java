/** Keeps what instances print: in files of bounded size and on the terminal; and reads it back. */
@NullMarked
package dev.pointsman.launcher.log;

import org.jspecify.annotations.NullMarked;
