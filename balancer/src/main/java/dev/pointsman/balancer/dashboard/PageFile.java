package dev.pointsman.balancer.dashboard;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * A file of the page, as it is on the class path. Immutable.
 *
 * @param entityTag with its quotes; other content has another one
 */
record PageFile(String contentType, String entityTag, Buffer content) {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml; charset=utf-8");

    /**
     * Reads a file.
     *
     * @param name below this package, such as {@code parts/summary.js}
     * @throws IllegalStateException if it is not there, which a build without its generated files would be to blame for
     */
    static PageFile read(String name) {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null) {
            throw new IllegalStateException("no content type is known for the dashboard's file " + name);
        }
        try (InputStream in = PageFile.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the dashboard's file " + name + " is not on the class path");
            }
            byte[] bytes = in.readAllBytes();
            return new PageFile(type, entityTag(bytes), Buffer.buffer(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("the dashboard's file " + name + " cannot be read", e);
        }
    }

    private static String entityTag(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return "\"" + HexFormat.of().formatHex(digest, 0, 12) + "\"";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
