/** The log of a process, on standard error: as text or as JSON, in neither of which a line can be forged. */
@NullMarked
package dev.pointsman.cli.log;

import org.jspecify.annotations.NullMarked;
