package dev.pointsman.balancer.http;

import java.util.ArrayList;
import java.util.List;

/**
 * The normal form of a path, which routes are matched on, so that two spellings of one path cannot reach two services.
 * What is forwarded is always the path as the client sent it.
 *
 * <p>Normal form (RFC 3986, 6.2.2 and 5.2.4): percent-encoded unreserved characters are decoded, {@code .} and
 * {@code ..} segments are resolved (never above the root), runs of slashes count as one. Everything else stays,
 * {@code %2F} in particular: it is part of a segment and not a boundary. {@link AmbiguousPath} tells which paths other
 * readers resolve otherwise.
 */
public final class NormalPath {
    private NormalPath() {}

    /**
     * The normal form of a path without its query.
     *
     * @param path begins with {@code /}
     */
    public static String of(String path) {
        return isPlain(path) ? path : resolve(decodeUnreserved(path));
    }

    /**
     * Whether a path is normal already and means the same to every reader, as nearly every one does: then it costs one
     * look at each character and nothing else.
     */
    static boolean isPlain(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            char next = i + 1 < path.length() ? path.charAt(i + 1) : ' ';
            if (c == '%' || c == ';' || c == '\\' || (c == '/' && (next == '.' || next == '/'))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether a path has a dot segment, be it one that not every reader would see.
     *
     * @param path begins with {@code /}, without a query
     */
    public static boolean hasDotSegment(String path) {
        if (isPlain(path)) {
            return false;
        }
        for (String segment : decodeUnreserved(path).split("/", -1)) {
            if (segment.equals(".") || segment.equals("..")) {
                return true;
            }
        }
        return AmbiguousPath.is(path);
    }

    static String decodeUnreserved(String path) {
        StringBuilder decoded = new StringBuilder(path.length());
        int i = 0;
        while (i < path.length()) {
            char c = path.charAt(i);
            int oneByte = c == '%' && i + 2 < path.length() ? oneByte(path.charAt(i + 1), path.charAt(i + 2)) : -1;
            if (oneByte >= 0 && isUnreserved((char) oneByte)) {
                decoded.append((char) oneByte);
                i += 3;
            } else {
                decoded.append(c);
                i++;
            }
        }
        return decoded.toString();
    }

    private static int oneByte(char high, char low) {
        int h = Character.digit(high, 16);
        int l = Character.digit(low, 16);
        return h < 0 || l < 0 ? -1 : (h << 4) | l;
    }

    private static boolean isUnreserved(char c) {
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return letter || (c >= '0' && c <= '9') || "-._~".indexOf(c) >= 0;
    }

    /** A path without dot segments (RFC 3986, 5.2.4; never above the root) and with single slashes, else as it is. */
    public static String resolve(String path) {
        List<String> segments = new ArrayList<>();
        String[] given = path.split("/", -1);
        String last = given[given.length - 1];
        for (String segment : given) {
            if (segment.equals("..")) {
                if (!segments.isEmpty()) {
                    segments.remove(segments.size() - 1);
                }
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.add(segment);
            }
        }
        boolean endsInSlash = last.isEmpty() || last.equals(".") || last.equals("..");
        return "/" + String.join("/", segments) + (endsInSlash && !segments.isEmpty() ? "/" : "");
    }
}
