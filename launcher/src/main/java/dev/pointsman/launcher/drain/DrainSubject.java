package dev.pointsman.launcher.drain;

import org.jspecify.annotations.Nullable;

/**
 * An instance that balancers are asked about.
 *
 * @param id its id in the registry
 * @param node the registry's node that it is registered on, or null if that is not known yet
 */
public record DrainSubject(String id, @Nullable String node) {}
