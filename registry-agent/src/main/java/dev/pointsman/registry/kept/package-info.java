/**
 * What was known of services, kept beyond this process's life: {@link dev.pointsman.registry.kept.ServiceMemory} is what a
 * registry client asks and tells, {@link dev.pointsman.registry.kept.FileMemory} keeps it in a file.
 */
@NullMarked
package dev.pointsman.registry.kept;

import org.jspecify.annotations.NullMarked;
