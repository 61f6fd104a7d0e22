package dev.pointsman.balancer.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import org.jspecify.annotations.Nullable;

/**
 * The look-up of cookies and query parameters by name, for policies that go by them. What cannot be read counts as
 * absent.
 */
public final class Parameters {
    private Parameters() {}

    /** The first cookie of that name, as it was sent (RFC 6265, 5.4: with the longest path). */
    public static @Nullable String cookie(HttpHeaders fields, String name) {
        for (String line : fields.getAll(HttpHeaderNames.COOKIE)) {
            // Most requests have other cookies only.
            if (line.contains(name)) {
                for (Cookie cookie : ServerCookieDecoder.LAX.decodeAll(line)) {
                    if (cookie.name().equals(name)) {
                        return cookie.value();
                    }
                }
            }
        }
        return null;
    }

    /**
     * The first parameter of that name in a target's query, decoded. However many others there are, and whatever is wrong with
     * them, does not matter: or a client could hide one from a route that asks for it.
     */
    public static @Nullable String ofQuery(String originForm, String name) {
        int query = originForm.indexOf('?');
        if (query < 0) {
            return null;
        }
        int fragment = originForm.indexOf('#', query);
        int end = fragment < 0 ? originForm.length() : fragment;
        int from = query + 1;
        while (from < end) {
            int next = from;
            int equals = -1;
            while (next < end && originForm.charAt(next) != '&' && originForm.charAt(next) != ';') {
                equals = equals < 0 && originForm.charAt(next) == '=' ? next : equals;
                next++;
            }
            String found = decoded(originForm.substring(from, equals < 0 ? next : equals));
            if (name.equals(found)) {
                return equals < 0 ? "" : decoded(originForm.substring(equals + 1, next));
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
        try {
            return QueryStringDecoder.decodeComponent(text);
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }
}
