package dev.pointsman.balancer.accesslog;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where an access log goes. Immutable.
 *
 * @param file absolute; null for standard output
 */
public record LogDestination(@Nullable Path file) {
    /** Standard output. */
    public static final LogDestination STANDARD_OUTPUT = new LogDestination(null);

    /** For people. */
    @Override
    public String toString() {
        return file == null ? "standard output" : file.toString();
    }
}
