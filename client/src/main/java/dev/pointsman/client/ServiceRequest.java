package dev.pointsman.client;

import dev.pointsman.client.internal.jdk.AddressedRequestBuilder;
import java.net.URI;
import java.net.http.HttpRequest;

/**
 * Requests to services in the form of the JDK's HTTP client, whose own builder takes no other URIs than {@code http} and {@code
 * https}:
 *
 * <pre>{@code
 * HttpRequest request = ServiceRequest.newBuilder(URI.create("service://api-service/api/books?page=2"))
 *         .timeout(Duration.ofSeconds(2))
 *         .build();
 * HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
 * }</pre>
 *
 * <p>The builders are the JDK's in all but the URI: the same methods, the same defaults, the same header fields refused, and as
 * little thread-safe. The requests are immutable.
 */
public final class ServiceRequest {
    private ServiceRequest() {}

    /**
     * A builder of requests to a URI: {@code service://NAME/path?query}, or in the form of Consul's DNS {@code
     * http://NAME.service.consul/path?query} and {@code http://TAG.NAME.service.consul/path?query}.
     *
     * <p>In the first form all that stands between {@code //} and the path is the name, with dots and underscores too; other
     * characters percent-encoded. The path is {@code /} where there is none.
     *
     * @throws IllegalArgumentException if it is not such a URI, or has a port, a user or a fragment
     */
    public static HttpRequest.Builder newBuilder(URI uri) {
        return AddressedRequestBuilder.to(uri);
    }

    /**
     * A builder of requests to a service. The request's URI is {@code service://NAME/path?query}; with a tag {@code
     * service://TAG.NAME/path?query}, which is for reading only: where the request goes is what the address says.
     *
     * @param pathAndQuery begins with a slash; percent-encoded
     * @throws IllegalArgumentException if it does not, or is not a path with a query
     */
    public static HttpRequest.Builder newBuilder(ServiceAddress service, String pathAndQuery) {
        return AddressedRequestBuilder.to(service, pathAndQuery);
    }
}
