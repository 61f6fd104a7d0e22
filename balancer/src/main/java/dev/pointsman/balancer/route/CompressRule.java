package dev.pointsman.balancer.route;

import java.util.List;

/**
 * The rule that responses are compressed by gzip for clients that take it. Immutable, thread-safe.
 *
 * @param types media types, {@code text/*} for all below one
 * @param minSize bytes from which on it is worth it; a response that does not say how long it is always is
 */
public record CompressRule(List<String> types, int minSize) {
    /** The types that are worth it. */
    public static final List<String> TYPES = List.of(
            "text/*",
            "application/json",
            "application/javascript",
            "application/xml",
            "application/wasm",
            "application/manifest+json",
            "application/ld+json",
            "application/problem+json",
            "application/vnd.api+json",
            "application/atom+xml",
            "application/rss+xml",
            "application/xhtml+xml",
            "image/svg+xml",
            "image/x-icon",
            "font/ttf",
            "font/otf");

    /** The usual least size, in bytes. */
    public static final int MIN_SIZE = 1024;

    public CompressRule {
        types = List.copyOf(types);
    }
}
