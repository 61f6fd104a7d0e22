/**
 * Consul, by its HTTP API: {@code ConsulRegistrar} says what a service has to say (on the
 * orbitz client), {@code ConsulRegistry} hears what Consul has to say (blocking queries
 * on one Vert.x client).
 */
@NullMarked
package dev.pointsman.registry.consul;

import org.jspecify.annotations.NullMarked;
