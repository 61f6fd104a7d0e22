/**
 * The shared watch of the services beyond the first eighty, which cannot have a connection each (ADR 0013). Internal: no
 * API, may change in any version.
 */
@NullMarked
package dev.pointsman.registry.consul.internal.shared;

import org.jspecify.annotations.NullMarked;
