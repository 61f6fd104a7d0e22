package dev.pointsman.balancer.http;

import org.jspecify.annotations.Nullable;

/**
 * A path as the most lenient programs read it: what follows a {@code ;} in a segment is cut off, as Tomcat and Jetty do, and
 * {@code %2F}, {@code %5C} and a backslash separate segments, as they do for IIS and many others. By it is seen whether a path may
 * reach something that it does not name.
 */
public final class FoldedPath {
    private static final int ENCODED = 3;

    private FoldedPath() {}

    /**
     * The path in that form and normal; null where it has none of that, as nearly every one.
     *
     * @param path begins with {@code /}, as it was sent, without the query
     */
    public static @Nullable String of(String path) {
        return NormalPath.isPlain(path) || !hasAny(path) ? null : NormalPath.of(folded(path));
    }

    private static boolean hasAny(String path) {
        for (int i = 0; i < path.length(); i++) {
            if (meaning(path, i) != path.charAt(i) || path.charAt(i) == ';') {
                return true;
            }
        }
        return false;
    }

    private static String folded(String path) {
        StringBuilder folded = new StringBuilder(path.length());
        boolean cut = false;
        for (int i = 0; i < path.length(); i++) {
            char c = meaning(path, i);
            cut = c == ';' || (cut && c != '/');
            if (!cut) {
                folded.append(c);
            }
            i += c != path.charAt(i) && path.charAt(i) == '%' ? ENCODED - 1 : 0;
        }
        return folded.toString();
    }

    /** What is read at a place; the character itself where it means nothing else. */
    private static char meaning(String path, int at) {
        char c = path.charAt(at);
        if (c == '\\') {
            return '/';
        }
        if (c != '%' || at + ENCODED > path.length()) {
            return c;
        }
        return switch (path.substring(at + 1, at + ENCODED)) {
            case "2f", "2F", "5c", "5C" -> '/';
            case "3b", "3B" -> ';';
            default -> c;
        };
    }
}
