/**
 * The routes that instances announce by their tags or metadata, in our language and in fabio's: plain Java, no I/O. {@link
 * dev.pointsman.balancer.claim.ClaimBook} makes them from what the registry lists.
 */
@NullMarked
package dev.pointsman.balancer.claim;

import org.jspecify.annotations.NullMarked;
