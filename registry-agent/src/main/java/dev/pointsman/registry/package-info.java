/**
 * What a service registry knows, and the two ways to talk to one: {@link dev.pointsman.registry.Registry} to learn,
 * {@link dev.pointsman.registry.Registrar} to be learned of. Facts and ports only: nothing here does I/O, and nothing
 * here imports another package of this project.
 */
@NullMarked
package dev.pointsman.registry;

import org.jspecify.annotations.NullMarked;
