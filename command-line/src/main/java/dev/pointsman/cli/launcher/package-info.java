/** The launcher's command line: the only package of this module that prints. */
@NullMarked
package dev.pointsman.cli.launcher;

import org.jspecify.annotations.NullMarked;
