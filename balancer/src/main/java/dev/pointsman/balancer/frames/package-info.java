/** How the frames of HTTP/2 are written, with clients and with instances alike: many of them at a time. */
@NullMarked
package dev.pointsman.balancer.frames;

import org.jspecify.annotations.NullMarked;
