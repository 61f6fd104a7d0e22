/** The command line: one tree of commands, and what they print. */
@NullMarked
package dev.pointsman.cli;

import org.jspecify.annotations.NullMarked;
