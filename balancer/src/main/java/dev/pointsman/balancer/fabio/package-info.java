/**
 * fabio's language, as of its release 1.7.3: what its tags, its documents in Consul's KV and its matchers mean. Plain Java, no
 * I/O.
 */
@NullMarked
package dev.pointsman.balancer.fabio;

import org.jspecify.annotations.NullMarked;
