/**
 * What was known of services, kept beyond this process's life: {@link dev.pointsman.registry.cache.ServiceMemory} is what a
 * registry client asks and tells, {@link dev.pointsman.registry.cache.FileMemory} keeps it in a file.
 */
@NullMarked
package dev.pointsman.registry.cache;

import org.jspecify.annotations.NullMarked;
