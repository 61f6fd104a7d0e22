package dev.pointsman.balancer.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import org.jspecify.annotations.Nullable;

/** The look-up of cookies by name, for policies that go by them. What cannot be read counts as absent. */
public final class Cookies {
    private Cookies() {}

    /** The first cookie of that name, as it was sent (RFC 6265, 5.4: with the longest path). */
    public static @Nullable String first(HttpHeaders fields, String name) {
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
}
