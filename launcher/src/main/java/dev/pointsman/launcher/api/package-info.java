/**
 * The surface of a launcher towards its surroundings: the operations that it performs, the status and the counts that it
 * reports, and the port that takes the output of its instances. Knows no other package of the launcher.
 */
@NullMarked
package dev.pointsman.launcher.api;

import org.jspecify.annotations.NullMarked;
