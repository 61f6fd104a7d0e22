/**
 * The log lines of the registry client, and the limits on how often they are written. Internal: no API, may change in
 * any version.
 */
@NullMarked
package dev.pointsman.registry.consul.internal.log;

import org.jspecify.annotations.NullMarked;
