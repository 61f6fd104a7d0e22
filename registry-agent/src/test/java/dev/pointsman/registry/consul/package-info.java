/** Tests of what this project says to Consul and hears from it. */
@NullMarked
package dev.pointsman.registry.consul;

import org.jspecify.annotations.NullMarked;
