/**
 * The pick policies, one file each, and {@link dev.pointsman.pick.PolicyKind}, the table of them. Plain Java: no I/O, no clock
 * and no random source that was not handed in.
 */
@NullMarked
package dev.pointsman.pick;

import org.jspecify.annotations.NullMarked;
