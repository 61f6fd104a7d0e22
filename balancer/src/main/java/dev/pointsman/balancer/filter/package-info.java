/**
 * What routes do with requests and responses beside forwarding them: who may use them and how often, redirections, changes
 * of header fields, compression. Knows neither connections nor upstreams.
 */
@NullMarked
package dev.pointsman.balancer.filter;

import org.jspecify.annotations.NullMarked;
