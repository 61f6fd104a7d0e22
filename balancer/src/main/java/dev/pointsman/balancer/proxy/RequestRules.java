package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.downstream.ClientConnection;
import dev.pointsman.balancer.downstream.ReceivedRequest;
import dev.pointsman.balancer.http.RequestTarget;
import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.http.Authority;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The rules that a request must meet before it is routed: what two readers could take for two different things is
 * refused, not guessed at. The decoder has refused the worst before (lengths that contradict each other, a length
 * together with a coding, malformed names and values).
 */
final class RequestRules {
    /** The methods in the response to {@code OPTIONS *}. Others are passed on as well, whatever they are called. */
    static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE";

    private RequestRules() {}

    /** Why a request is refused, or null if it is fine. */
    static @Nullable FailureKind refusal(HttpServerRequest request, ClientConnection client) {
        if (request.method().equals(HttpMethod.CONNECT)) {
            return FailureKind.CONNECT_METHOD;
        }
        if (!hasOneHost(request, client)) {
            return FailureKind.BAD_HOST;
        }
        if (!isRoutable(request.uri()) && !isAboutTheProxy(request)) {
            return FailureKind.BAD_TARGET;
        }
        return hasKnownCoding(client.received()) ? null : FailureKind.UNKNOWN_CODING;
    }

    /** Whether it is {@code OPTIONS *}, which asks for the abilities of this proxy, not of a resource (RFC 9110, 9.3.7). */
    static boolean isAboutTheProxy(HttpServerRequest request) {
        return request.method().equals(HttpMethod.OPTIONS) && request.uri().equals("*");
    }

    /** Whether Host is as RFC 9112, 3.2 demands: exactly one in HTTP/1.1, at most one before, and a valid one. */
    private static boolean hasOneHost(HttpServerRequest request, ClientConnection client) {
        ReceivedRequest received = client.received();
        if (received.hosts() == 0) {
            return request.version() == HttpVersion.HTTP_1_0;
        }
        String host = received.fields().get(HttpHeaderNames.HOST);
        if (received.hosts() > 1 || !(client.peer().isKnownHost(host) || Authority.isValidHost(host))) {
            return false;
        }
        client.peer().rememberHost(host);
        return true;
    }

    /**
     * Whether the target is in origin-form or absolute-form (RFC 9112, 3.2.1 and 3.2.2), without a fragment, which is
     * never sent.
     */
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
        return http && !authority.isEmpty() && Authority.isValidHost(authority);
    }

    /**
     * Whether the coding is chunked (RFC 9112, 6.1); a body in any other one would be passed on as something that it is
     * not.
     */
    private static boolean hasKnownCoding(ReceivedRequest received) {
        return switch (received.codings()) {
            case 0 -> true;
            case 1 ->
                HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(
                        received.fields().get(HttpHeaderNames.TRANSFER_ENCODING).strip());
            default -> false;
        };
    }
}
