/**
 * Consul's keys and values: what follows them, and what reads and writes them. Internal: no API, may change in any version.
 */
@NullMarked
package dev.pointsman.registry.consul.internal.kv;

import org.jspecify.annotations.NullMarked;
