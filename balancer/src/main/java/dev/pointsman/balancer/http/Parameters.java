package dev.pointsman.balancer.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import java.util.List;
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

    /** The first parameter of that name in a target's query, decoded. */
    public static @Nullable String ofQuery(String originForm, String name) {
        if (originForm.indexOf('?') < 0) {
            return null;
        }
        try {
            List<String> values =
                    new QueryStringDecoder(originForm).parameters().get(name);
            return values == null ? null : values.get(0);
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }
}
