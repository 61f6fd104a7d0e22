package dev.pointsman.balancer.http;

import java.util.ArrayList;
import java.util.List;

/**
 * The check for paths that resolve to something else when they are read in another way than {@link NormalPath} reads
 * them. Routes are matched on the one reading, and an instance may follow the other, out of what its route is for.
 *
 * <p>Ambiguous is a path in which a {@code .} or {@code ..} segment appears, or is ended, only by decoding: of
 * {@code %2F}, of {@code %5C} or a bare backslash, of something that was encoded more than once, of a UTF-8 sequence
 * that is longer than it need be; or by cutting off {@code ;} (Tomcat) or {@code %00} (C) and what follows. Also one in
 * which a {@code ..} takes away an empty segment for those who resolve first and merge slashes then (RFC 3986, 5.2.4),
 * and the segment before it for those who merge first; one that is empty only after a cut counts as well. Segments that hold the same characters but make no dot segment
 * are of no concern: {@code /a%2Fb}, {@code /a..b}, {@code /a;b}.
 */
final class AmbiguousPath {
    private static final int NONE = -1;

    private final String path;
    private int position;
    /** How many characters the last one read took as it was sent: 1, 3 if it was encoded, more if in another way. */
    private int width;

    private AmbiguousPath(String path) {
        this.path = path;
    }

    /**
     * Whether a path is ambiguous.
     *
     * @param path begins with {@code /}, without a query
     */
    static boolean is(String path) {
        return new AmbiguousPath(path).dotSegments(true) > 0
                || dependsOnEmptySegments(path)
                || (path.indexOf('%') >= 0 && hidesByEncodingPieces(path));
    }

    /** Whether decoding once more and more often brings dot segments to light: {@code %25%32%65} is {@code %2e} is a dot. */
    private static boolean hidesByEncodingPieces(String path) {
        int visible = new AmbiguousPath(path).dotSegments(false);
        String decoded = path;
        String next = decodeOnce(decoded);
        while (!next.equals(decoded)) {
            decoded = next;
            if (new AmbiguousPath(decoded).dotSegments(false) > visible) {
                return true;
            }
            next = decodeOnce(decoded);
        }
        return false;
    }

    private static String decodeOnce(String path) {
        StringBuilder decoded = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            int c = path.charAt(i) == '%' ? hex(path, i + 1) : NONE;
            decoded.append(c < 0 ? path.charAt(i) : (char) c);
            i += c < 0 ? 0 : 2;
        }
        return decoded.toString();
    }

    /**
     * Counts the dot segments that the most lenient reader sees.
     *
     * @param hiddenOnly whether those do not count that the strictest reader sees too
     */
    private int dotSegments(boolean hiddenOnly) {
        int found = 0;
        boolean visible = true;
        boolean onlyDots = true;
        int dots = 0;
        while (position <= path.length()) {
            int c = next();
            boolean separates = c == '/' || c == '\\';
            if (separates || c == NONE || c == ';' || c == 0) {
                boolean endVisible = c == NONE || (c == '/' && width == 1);
                if (onlyDots && (dots == 1 || dots == 2) && !(hiddenOnly && visible && endVisible)) {
                    found++;
                }
                // What follows a cut is no segment until the next separator.
                onlyDots = separates;
                visible = endVisible;
                dots = 0;
            } else if (c == '.') {
                dots++;
                visible &= width == 1 || width == 3;
            } else {
                onlyDots = false;
            }
        }
        return found;
    }

    /** Reads a character however it is encoded; one beyond ASCII is any that is beyond it. */
    private int next() {
        int start = position;
        int c = oneByte();
        int more = c == 0xC0 || c == 0xC1 ? 1 : c == 0xE0 ? 2 : c == 0xF0 ? 3 : 0;
        if (more > 0) {
            int end = position;
            int code = c & (0x3F >> more);
            for (int i = 0; i < more && code >= 0; i++) {
                int following = oneByte();
                code = following >= 0x80 && following < 0xC0 ? code << 6 | (following & 0x3F) : NONE;
            }
            if (code >= 0 && code < 0x80) {
                c = code;
            } else {
                position = end;
            }
        }
        width = position - start;
        return c;
    }

    /** Reads a byte, decoded as often as it was encoded. */
    private int oneByte() {
        if (position >= path.length()) {
            position++;
            return NONE;
        }
        int c = path.charAt(position++);
        int decoded = c == '%' ? hex(path, position) : NONE;
        while (decoded >= 0) {
            position += 2;
            c = decoded;
            decoded = c == '%' ? hex(path, position) : NONE;
        }
        return c;
    }

    private static int hex(String path, int at) {
        if (at + 2 > path.length()) {
            return NONE;
        }
        int high = Character.digit(path.charAt(at), 16);
        int low = Character.digit(path.charAt(at + 1), 16);
        return high < 0 || low < 0 ? NONE : high << 4 | low;
    }

    private static boolean dependsOnEmptySegments(String path) {
        String[] segments = NormalPath.decodeUnreserved(path).substring(1).split("/", -1);
        List<String> merged = new ArrayList<>();
        List<String> asSent = new ArrayList<>();
        for (String segment : segments) {
            if (segment.equals("..")) {
                removeLast(merged);
                removeLast(asSent);
            } else if (!segment.equals(".")) {
                asSent.add(segment);
                if (!isEmptyForSome(segment)) {
                    merged.add(segment);
                }
            }
        }
        asSent.removeIf(AmbiguousPath::isEmptyForSome);
        return !merged.equals(asSent);
    }

    /** Whether nothing is left of a segment for those who cut off a semicolon or a zero byte and what follows. */
    private static boolean isEmptyForSome(String segment) {
        int first = new AmbiguousPath(segment).next();
        return first == NONE || first == ';' || first == 0;
    }

    private static void removeLast(List<String> segments) {
        if (!segments.isEmpty()) {
            segments.remove(segments.size() - 1);
        }
    }
}
