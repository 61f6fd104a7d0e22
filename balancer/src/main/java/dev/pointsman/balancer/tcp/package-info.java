/**
 * TCP routes: bytes are relayed between a client and an instance, on one event loop, and nobody reads them. Where TLS is passed
 * through, the first message is read for the name that the client asks for.
 */
@NullMarked
package dev.pointsman.balancer.tcp;

import org.jspecify.annotations.NullMarked;
