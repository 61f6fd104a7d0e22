/**
 * The server side of HTTP/1.1 for every port that Pointsman opens: a decoder that reads nothing in two ways, and, for ports
 * that are not the data plane's, limits and the check of who may call ({@link dev.pointsman.http.GuardedServer}).
 */
@NullMarked
package dev.pointsman.http;

import org.jspecify.annotations.NullMarked;
