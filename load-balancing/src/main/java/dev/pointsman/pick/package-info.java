/** The pick policies, one file each. Plain Java: no I/O, no clock and no random source that was not handed in. */
@NullMarked
package dev.pointsman.pick;

import org.jspecify.annotations.NullMarked;
