/**
 * The cache of services in a file, with which a process can start while its registry is down. API: {@link
 * dev.pointsman.registry.cache.ServiceCache} is the port that a registry client reads and fills, {@link
 * dev.pointsman.registry.cache.FileServiceCache} keeps the cache in a file.
 */
@NullMarked
package dev.pointsman.registry.cache;

import org.jspecify.annotations.NullMarked;
