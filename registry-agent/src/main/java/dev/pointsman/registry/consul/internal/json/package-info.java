/**
 * Parsers of Consul's JSON. Internal: no API, may change in any version.
 */
@NullMarked
package dev.pointsman.registry.consul.internal.json;

import org.jspecify.annotations.NullMarked;
