package dev.pointsman.client.internal.jdk;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;

/** A request of the JDK's with another URI than its builder takes. */
final class AddressedRequest extends HttpRequest {
    private final HttpRequest fields;
    private final URI uri;
    private final ServiceTarget target;

    AddressedRequest(HttpRequest fields, URI uri, ServiceTarget target) {
        this.fields = fields;
        this.uri = uri;
        this.target = target;
    }

    ServiceTarget target() {
        return target;
    }

    @Override
    public URI uri() {
        return uri;
    }

    @Override
    public String method() {
        return fields.method();
    }

    @Override
    public Optional<BodyPublisher> bodyPublisher() {
        return fields.bodyPublisher();
    }

    @Override
    public Optional<Duration> timeout() {
        return fields.timeout();
    }

    @Override
    public boolean expectContinue() {
        return fields.expectContinue();
    }

    @Override
    public Optional<HttpClient.Version> version() {
        return fields.version();
    }

    @Override
    public HttpHeaders headers() {
        return fields.headers();
    }

    @Override
    public String toString() {
        return uri + " " + method();
    }
}
