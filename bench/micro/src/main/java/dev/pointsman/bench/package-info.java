/** Benchmarks of single parts, outside the ordinary build. */
@NullMarked
package dev.pointsman.bench;

import org.jspecify.annotations.NullMarked;
