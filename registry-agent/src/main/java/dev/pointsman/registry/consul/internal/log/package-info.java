/**
 * What the registry client writes to the log, and how often. Internal: no API, may change in any version.
 */
@NullMarked
package dev.pointsman.registry.consul.internal.log;

import org.jspecify.annotations.NullMarked;
