/**
 * The embedded registry: one process, one machine, in memory, speaking Consul's HTTP API, so that Consul's clients and
 * tools work against it unchanged.
 *
 * <p>From the inside out: {@code Catalog} and {@code KvStore} hold the data (plain Java); {@code LocalAgent} registers and
 * deregisters, {@code Checks} runs its checks; {@code BlockedQueries} keeps the blocking queries until their topic
 * changes; {@code HttpApi} and the {@code ...Api} classes are the paths of the API; {@code EmbeddedRegistry} starts and
 * stops all of it. Everything happens on one Vert.x context, the only writer, so there is no lock anywhere.
 */
@NullMarked
package dev.pointsman.registry.embedded;

import org.jspecify.annotations.NullMarked;
