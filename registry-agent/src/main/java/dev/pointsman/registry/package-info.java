/**
 * The facts of a service registry, and the two ports to one: {@link dev.pointsman.registry.Registry} to follow services,
 * {@link dev.pointsman.registry.Registrar} to register them. All of it is API. Nothing here does I/O, and nothing here
 * imports another package of this project.
 */
@NullMarked
package dev.pointsman.registry;

import org.jspecify.annotations.NullMarked;
