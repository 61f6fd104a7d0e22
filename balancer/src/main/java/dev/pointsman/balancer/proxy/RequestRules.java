package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.resilience.FailureKind;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a request must be before it is routed: what two readers could take for two different things is refused, not
 * guessed at. The decoder has refused the worst before (lengths that contradict each other, a length together with a
 * coding, malformed names and values).
 */
final class RequestRules {
    /** RFC 3986, 3.2.2 and 3.2.3, without user information, which has no place in Host (RFC 9110, 4.2.4). */
    private static final String AUTHORITY_CHARACTERS = "-._~!$&'()*+,;=:[]%";

    private RequestRules() {}

    /** Why a request is refused, or null if it is fine. */
    static @Nullable FailureKind refusal(HttpServerRequest request) {
        if (request.method().equals(HttpMethod.CONNECT)) {
            return FailureKind.CONNECT_METHOD;
        }
        if (!hasOneHost(request)) {
            return FailureKind.BAD_HOST;
        }
        if (!isRoutable(request.uri()) && !isAboutTheProxy(request)) {
            return FailureKind.BAD_TARGET;
        }
        return hasKnownCoding(request) ? null : FailureKind.UNKNOWN_CODING;
    }

    /** {@code OPTIONS *} asks what this proxy can do, not what a resource can (RFC 9110, 9.3.7). */
    static boolean isAboutTheProxy(HttpServerRequest request) {
        return request.method().equals(HttpMethod.OPTIONS) && request.uri().equals("*");
    }

    /** RFC 9112, 3.2: exactly one in HTTP/1.1, at most one before, and a valid one. */
    private static boolean hasOneHost(HttpServerRequest request) {
        List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
        if (hosts.isEmpty()) {
            return request.version() == HttpVersion.HTTP_1_0;
        }
        return hosts.size() == 1 && isAuthority(hosts.get(0));
    }

    private static boolean isAuthority(String value) {
        return value.chars().allMatch(c -> isAlphanumeric(c) || AUTHORITY_CHARACTERS.indexOf(c) >= 0);
    }

    private static boolean isAlphanumeric(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /** Origin-form or absolute-form (RFC 9112, 3.2.1 and 3.2.2), without a fragment, which is never sent. */
    private static boolean isRoutable(String target) {
        if (target.indexOf('#') >= 0) {
            return false;
        }
        if (target.startsWith("/")) {
            return true;
        }
        String scheme = target.toLowerCase(Locale.ROOT);
        boolean http = scheme.startsWith("http://") || scheme.startsWith("https://");
        String authority = RequestTarget.of(target).authority();
        return http && !authority.isEmpty() && isAuthority(authority);
    }

    /** RFC 9112, 6.1: a body in any other coding would be passed on as something that it is not. */
    private static boolean hasKnownCoding(HttpServerRequest request) {
        List<String> codings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
        return codings.isEmpty()
                || (codings.size() == 1 && codings.get(0).strip().equalsIgnoreCase("chunked"));
    }
}
