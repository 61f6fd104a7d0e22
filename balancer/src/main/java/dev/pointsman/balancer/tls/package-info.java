/**
 * Certificates, keys and TLS engines: PEM files read and checked, which certificate a client gets, contexts that are exchanged while
 * the balancer runs. Knows neither settings nor Vert.x.
 */
@NullMarked
package dev.pointsman.balancer.tls;

import org.jspecify.annotations.NullMarked;
