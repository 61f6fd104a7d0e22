/** Times of responses, counted in buckets: plain Java, no I/O, and no clock that was not handed in. */
@NullMarked
package dev.pointsman.latency;

import org.jspecify.annotations.NullMarked;
