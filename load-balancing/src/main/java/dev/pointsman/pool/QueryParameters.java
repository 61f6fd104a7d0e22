package dev.pointsman.pool;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The look-up of query parameters by name, for policies and rules that go by them. What cannot be read counts as absent. */
public final class QueryParameters {
    private QueryParameters() {}

    /**
     * The first parameter of that name in the query of a request's target, decoded. However many others there are, and whatever
     * is wrong with them, does not matter: or a client could hide one from a route that asks for it.
     */
    public static @Nullable String first(String target, String name) {
        int query = target.indexOf('?');
        if (query < 0) {
            return null;
        }
        int fragment = target.indexOf('#', query);
        int end = fragment < 0 ? target.length() : fragment;
        int from = query + 1;
        while (from < end) {
            int next = from;
            int equals = -1;
            while (next < end && target.charAt(next) != '&' && target.charAt(next) != ';') {
                equals = equals < 0 && target.charAt(next) == '=' ? next : equals;
                next++;
            }
            String found = decoded(target.substring(from, equals < 0 ? next : equals));
            if (name.equals(found)) {
                return equals < 0 ? "" : decoded(target.substring(equals + 1, next));
            }
            from = next + 1;
        }
        return null;
    }

    /** The text of a name or a value; null if it is malformed. */
    private static @Nullable String decoded(String text) {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return text;
        }
        return isWellFormed(text) ? URLDecoder.decode(text, StandardCharsets.UTF_8) : null;
    }

    /** Whether each percent sign has its two digits (RFC 3986, 2.1): the decoder lets a sign among them pass. */
    private static boolean isWellFormed(String text) {
        for (int at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at + 1)) {
            if (at + 2 >= text.length()
                    || !HexFormat.isHexDigit(text.charAt(at + 1))
                    || !HexFormat.isHexDigit(text.charAt(at + 2))) {
                return false;
            }
        }
        return true;
    }
}
