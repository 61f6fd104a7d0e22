/**
 * The proxy: exchanges, which take a request from the client to an upstream and its response back. Everything of one
 * request runs on one event loop.
 */
@NullMarked
package dev.pointsman.balancer.proxy;

import org.jspecify.annotations.NullMarked;
