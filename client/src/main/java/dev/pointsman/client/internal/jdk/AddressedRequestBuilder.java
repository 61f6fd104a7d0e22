package dev.pointsman.client.internal.jdk;

import dev.pointsman.client.ServiceAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;

/** The JDK's builder of requests, for requests to services: all that it checks but the URI stays checked by it. */
public final class AddressedRequestBuilder implements HttpRequest.Builder {
    /** Never called: the JDK's builder builds nothing without a URI. */
    private static final URI STAND_IN = URI.create("http://service.invalid/");

    private final HttpRequest.Builder fields;
    private URI uri;
    private ServiceTarget target;

    private AddressedRequestBuilder(HttpRequest.Builder fields, URI uri, ServiceTarget target) {
        this.fields = fields;
        this.uri = uri;
        this.target = target;
    }

    /** See {@link dev.pointsman.client.ServiceRequest#newBuilder(URI)}. */
    public static HttpRequest.Builder to(URI uri) {
        return new AddressedRequestBuilder(HttpRequest.newBuilder(STAND_IN), uri, ServiceTarget.of(uri));
    }

    /** See {@link dev.pointsman.client.ServiceRequest#newBuilder(ServiceAddress, String)}. */
    public static HttpRequest.Builder to(ServiceAddress service, String pathAndQuery) {
        URI uri = ServiceTarget.uri(service, pathAndQuery);
        return new AddressedRequestBuilder(
                HttpRequest.newBuilder(STAND_IN), uri, new ServiceTarget(service, ServiceTarget.pathAndQuery(uri)));
    }

    @Override
    public HttpRequest.Builder uri(URI other) {
        target = ServiceTarget.of(other);
        uri = other;
        return this;
    }

    @Override
    public HttpRequest.Builder expectContinue(boolean enable) {
        fields.expectContinue(enable);
        return this;
    }

    @Override
    public HttpRequest.Builder version(HttpClient.Version version) {
        fields.version(version);
        return this;
    }

    @Override
    public HttpRequest.Builder header(String name, String value) {
        fields.header(name, value);
        return this;
    }

    @Override
    public HttpRequest.Builder headers(String... namesAndValues) {
        fields.headers(namesAndValues);
        return this;
    }

    @Override
    public HttpRequest.Builder timeout(Duration duration) {
        fields.timeout(duration);
        return this;
    }

    @Override
    public HttpRequest.Builder setHeader(String name, String value) {
        fields.setHeader(name, value);
        return this;
    }

    @Override
    public HttpRequest.Builder GET() {
        fields.GET();
        return this;
    }

    @Override
    public HttpRequest.Builder POST(HttpRequest.BodyPublisher body) {
        fields.POST(body);
        return this;
    }

    @Override
    public HttpRequest.Builder PUT(HttpRequest.BodyPublisher body) {
        fields.PUT(body);
        return this;
    }

    @Override
    public HttpRequest.Builder DELETE() {
        fields.DELETE();
        return this;
    }

    @Override
    public HttpRequest.Builder method(String method, HttpRequest.BodyPublisher body) {
        fields.method(method, body);
        return this;
    }

    @Override
    public HttpRequest build() {
        return new AddressedRequest(fields.build(), uri, target);
    }

    @Override
    public HttpRequest.Builder copy() {
        return new AddressedRequestBuilder(fields.copy(), uri, target);
    }
}
