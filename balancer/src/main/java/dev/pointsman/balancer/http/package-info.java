/**
 * The grammar of HTTP/1.1: targets, hosts, versions, the kinds of header fields, the writing of a head. Plain functions
 * and values that both sides of the proxy share; no connection, no Vert.x, no buffers.
 */
@NullMarked
package dev.pointsman.balancer.http;

import org.jspecify.annotations.NullMarked;
