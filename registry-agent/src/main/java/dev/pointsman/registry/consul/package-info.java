/**
 * The registry client for Consul, over its HTTP API. The public types are API: {@code ConsulRegistrar} registers
 * services (on the orbitz client), {@code ConsulRegistry} follows them (blocking queries on one Vert.x client), {@code
 * ConsulAddress} and {@code ConsulWatchOptions} are their settings. What is below {@code internal} is not.
 */
@NullMarked
package dev.pointsman.registry.consul;

import org.jspecify.annotations.NullMarked;
