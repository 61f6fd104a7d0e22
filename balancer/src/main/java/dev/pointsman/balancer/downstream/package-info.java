/**
 * HTTP/1.1 connections of clients, on Vert.x and Netty: the strict decoding of requests, the arrival of their bodies,
 * the timeouts and limits of a connection, and its end. What a request is then used for is not known here. Apart from
 * the types that say so, nothing in here is thread-safe: a connection belongs to its event loop.
 */
@NullMarked
package dev.pointsman.balancer.downstream;

import org.jspecify.annotations.NullMarked;
