/**
 * The embedded registry: one process, one machine, in memory, speaking Consul's HTTP API, so that Consul's clients and
 * tools work against it unchanged.
 *
 * <p>From the inside out: {@code Catalog} and {@code KvStore} are what is known (plain Java); {@code LocalAgent} is what
 * an agent does with it, {@code Checks} runs its checks; {@code BlockedQueries} keeps the blocking queries until
 * something changes; {@code HttpApi} and the {@code ...Api} classes are the paths of the API; {@code EmbeddedRegistry}
 * starts and stops all of it. Everything happens on one Vert.x context, the only writer, so there is no lock anywhere.
 */
@NullMarked
package dev.pointsman.registry.embedded;

import org.jspecify.annotations.NullMarked;
