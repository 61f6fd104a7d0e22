/** Calls: requests with all their attempts, as a Vert.x HTTP client makes them. No API. */
@NullMarked
package dev.pointsman.client.internal.call;

import org.jspecify.annotations.NullMarked;
