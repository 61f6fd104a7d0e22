/**
 * Runs N instances of any program, keeps them alive and registered, and replaces them without a gap: a new instance is known
 * to be served before an old one is asked to leave, and the old one is known to be idle before it is stopped.
 */
@NullMarked
package dev.pointsman.launcher;

import org.jspecify.annotations.NullMarked;
