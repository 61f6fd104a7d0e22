package dev.pointsman.client.internal.jdk;

import dev.pointsman.client.ContextFields;
import dev.pointsman.client.ServiceAddress;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A request in Vert.x's form.
 *
 * @param timeout in milliseconds, 0 for the client's own
 */
record OutgoingRequest(ServiceAddress address, RequestOptions options, OutgoingBody body, long timeout) {
    private static final Duration LONGEST = Duration.ofDays(365);

    /** Set by how the body is sent. */
    private static final Set<String> FRAMING = Set.of("content-length", "transfer-encoding");

    /** Methods whose requests say nothing of a body when they have none, RFC 9110, 8.6. */
    private static final Set<String> BODILESS = Set.of("GET", "HEAD", "DELETE", "OPTIONS", "TRACE");

    /** @throws IllegalArgumentException if it cannot be sent to a service */
    static OutgoingRequest of(HttpRequest request) {
        ServiceTarget target = ServiceTarget.of(request);
        if (request.expectContinue()) {
            throw new IllegalArgumentException("expectContinue: true (expected: false, this client does not wait for a"
                    + " service to ask for a body)");
        }
        if (request.method().equalsIgnoreCase("CONNECT")) {
            throw new IllegalArgumentException("method: CONNECT (expected: another, a service is no proxy)");
        }
        OutgoingBody body = OutgoingBody.of(request);
        RequestOptions options = new RequestOptions()
                .setServer(target.address())
                .setMethod(HttpMethod.valueOf(request.method()))
                .setURI(target.pathAndQuery())
                .setFollowRedirects(false);
        for (Map.Entry<String, List<String>> field : request.headers().map().entrySet()) {
            if (!FRAMING.contains(field.getKey().toLowerCase(Locale.ROOT))) {
                field.getValue().forEach(value -> options.addHeader(field.getKey(), value));
            }
        }
        if (body.length() > 0 || (body.length() == 0 && !BODILESS.contains(request.method()))) {
            options.addHeader("content-length", Long.toString(body.length()));
        }
        return new OutgoingRequest(target.address(), options, body, withTimeout(request, options));
    }

    /** Sets the fields that every call takes along, but for those that the request has itself. */
    void inject(ContextFields fields) {
        fields.inject((name, value) -> {
            if (options.getHeaders() == null || !options.getHeaders().contains(name)) {
                options.addHeader(name, value);
            }
        });
    }

    private static long withTimeout(HttpRequest request, RequestOptions options) {
        if (request.timeout().isEmpty()) {
            return 0;
        }
        Duration time = request.timeout().get();
        long millis = Math.max(1, (time.compareTo(LONGEST) > 0 ? LONGEST : time).toMillis());
        options.setTimeout(millis);
        return millis;
    }
}
