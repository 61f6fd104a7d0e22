package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.route.Route;
import io.netty.handler.codec.http.HttpHeaderNames;

/**
 * The cookie of sticky sessions (RFC 6265): for the route's paths only, for as long as the browser runs, not shown to
 * scripts, not sent along by other sites' forms.
 */
final class StickyCookie {
    private StickyCookie() {}

    /** Gives the client a token, beside whatever cookies the upstream sets. */
    static void add(RoutedRequest routed, String token) {
        Route route = routed.route();
        String secure = routed.isByTls() ? "; Secure" : "";
        routed.request()
                .response()
                .headers()
                .add(
                        HttpHeaderNames.SET_COOKIE,
                        routed.options().pool().policy().name() + "=" + token + "; Path=" + route.prefix()
                                + "; HttpOnly; SameSite=Lax" + secure);
    }
}
