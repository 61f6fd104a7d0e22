package dev.pointsman.balancer.proxy;

import io.vertx.core.http.HttpServerRequest;

/** The versions of HTTP as text. */
final class HttpVersions {
    private HttpVersions() {}

    /** The version that a request came in, as its number alone. */
    static String text(HttpServerRequest request) {
        return switch (request.version()) {
            case HTTP_1_0 -> "1.0";
            case HTTP_1_1 -> "1.1";
            case HTTP_2 -> "2";
        };
    }
}
