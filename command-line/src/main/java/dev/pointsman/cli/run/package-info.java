/** The life of a process that is a launcher, beneath {@code pointsman run} and {@code pointsman demo}. */
@NullMarked
package dev.pointsman.cli.run;

import org.jspecify.annotations.NullMarked;
