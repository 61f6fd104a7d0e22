/** Services, as a client follows them: the registry clients that a process shares, and a pool for each service. No API. */
@NullMarked
package dev.pointsman.client.internal.follow;

import org.jspecify.annotations.NullMarked;
