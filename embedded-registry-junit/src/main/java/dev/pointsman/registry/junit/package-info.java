/**
 * JUnit's annotations for tests of services: a registry and services in the test's own process, without Docker.
 *
 * <p>{@code WithEmbeddedRegistry} and {@code WithService} say what a class or a method needs; {@code EmbeddedRegistryExtension} is
 * the same as a field. A {@code TestScope} is what one class or one test has of it, in JUnit's store, which ends it; {@code
 * TestRegistry} starts the registry and instances, {@code RunningServices} knows which are running.
 */
@NullMarked
package dev.pointsman.registry.junit;

import org.jspecify.annotations.NullMarked;
