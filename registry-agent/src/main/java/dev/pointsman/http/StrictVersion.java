package dev.pointsman.http;

import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/** The version in a request line or a status line (RFC 9112, 2.3): in capitals, a digit, a dot, a digit. */
public final class StrictVersion {
    private StrictVersion() {}

    /**
     * Reads a version of HTTP 1. A higher minor version is read as the highest that is known (RFC 9110, 2.5).
     *
     * @return null if it is another major version
     * @throws IllegalArgumentException if it is no version at all
     */
    public static @Nullable HttpVersion parse(String version) {
        if (version.equals("HTTP/1.1")) {
            return HttpVersion.HTTP_1_1;
        }
        boolean wellFormed = version.length() == 8
                && version.startsWith("HTTP/")
                && version.charAt(6) == '.'
                && isDigit(version.charAt(5))
                && isDigit(version.charAt(7));
        if (!wellFormed) {
            throw new IllegalArgumentException("a version that is not HTTP/1.1 or the like: " + version);
        }
        if (version.charAt(5) != '1') {
            return null;
        }
        return version.charAt(7) == '0' ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
