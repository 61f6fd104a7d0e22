package dev.pointsman.balancer.fabio;

import dev.pointsman.balancer.http.NormalPath;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The form of a path that fabio's matchers see: percent-encoded characters are decoded, {@code %2F} too, and dot segments
 * resolved after that. Decoded once: fabio decodes twice, so that {@code %2541} is an {@code A} there.
 */
final class DecodedPath {
    private DecodedPath() {}

    /**
     * Decodes a path.
     *
     * @param path in normal form, see {@link NormalPath}
     */
    static String of(String path) {
        if (path.indexOf('%') < 0) {
            return path;
        }
        String decoded = decode(path);
        return decoded.contains("//") || decoded.contains("/.") ? NormalPath.resolve(decoded) : decoded;
    }

    private static String decode(String path) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(path.length());
        int i = 0;
        while (i < path.length()) {
            char c = path.charAt(i);
            int high = c == '%' && i + 2 < path.length() ? Character.digit(path.charAt(i + 1), 16) : -1;
            int low = high < 0 ? -1 : Character.digit(path.charAt(i + 2), 16);
            bytes.write(low < 0 ? c : high << 4 | low);
            i += low < 0 ? 1 : 3;
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
