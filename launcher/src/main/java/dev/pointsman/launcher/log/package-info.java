/** The output of instances: stored in files of bounded size, shown on the terminal, and read back. */
@NullMarked
package dev.pointsman.launcher.log;

import org.jspecify.annotations.NullMarked;
