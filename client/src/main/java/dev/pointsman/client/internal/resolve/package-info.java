/** The registry's services for an HTTP client of Vert.x's that the caller builds: addresses and load balancing. No API. */
@NullMarked
package dev.pointsman.client.internal.resolve;

import org.jspecify.annotations.NullMarked;
