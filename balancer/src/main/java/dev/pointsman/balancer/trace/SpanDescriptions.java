package dev.pointsman.balancer.trace;

import dev.pointsman.balancer.http.RequestTarget;
import dev.pointsman.balancer.observe.ObservedAttempt;
import dev.pointsman.balancer.observe.ObservedRequest;
import dev.pointsman.balancer.observe.RequestEnding;
import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.registry.Instance;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.NetUtil;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.semconv.ClientAttributes;
import io.opentelemetry.semconv.ErrorAttributes;
import io.opentelemetry.semconv.HttpAttributes;
import io.opentelemetry.semconv.NetworkAttributes;
import io.opentelemetry.semconv.ServerAttributes;
import io.opentelemetry.semconv.UrlAttributes;
import io.opentelemetry.semconv.UserAgentAttributes;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What spans say of requests and attempts, by OpenTelemetry's stable conventions for HTTP. Thread-safe. */
final class SpanDescriptions {
    static final AttributeKey<String> SERVICE = AttributeKey.stringKey("pointsman.service");
    static final AttributeKey<String> INSTANCE = AttributeKey.stringKey("pointsman.instance");
    static final AttributeKey<String> NODE = AttributeKey.stringKey("pointsman.node");
    static final AttributeKey<String> FAILURE = AttributeKey.stringKey("pointsman.failure");
    static final AttributeKey<String> REQUEST_ID = AttributeKey.stringKey("pointsman.request_id");
    static final AttributeKey<Long> ATTEMPTS = AttributeKey.longKey("pointsman.attempts");
    static final AttributeKey<Double> WAITED = AttributeKey.doubleKey("pointsman.waited");
    static final AttributeKey<Boolean> REUSED = AttributeKey.booleanKey("pointsman.connection.reused");

    private static final String OTHER = "_OTHER";
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Set<String> knownMethods;
    private final SensitiveQuery query;

    /**
     * Descriptions.
     *
     * @param knownMethods those that are named; each other one is {@code _OTHER}: clients can make up any number
     * @param query hides values of parameters
     */
    SpanDescriptions(Set<String> knownMethods, SensitiveQuery query) {
        this.knownMethods = knownMethods;
        this.query = query;
    }

    SpanDescription of(ObservedRequest request) {
        AttributesBuilder about = Attributes.builder();
        method(request, about);
        url(request, about);
        server(request, about);
        about.put(ClientAttributes.CLIENT_ADDRESS, request.originAddress());
        about.put(NetworkAttributes.NETWORK_PEER_ADDRESS, request.peerAddress());
        if (request.peerPort() > 0) {
            about.put(NetworkAttributes.NETWORK_PEER_PORT, request.peerPort());
        }
        about.put(NetworkAttributes.NETWORK_PROTOCOL_VERSION, request.protocolVersion());
        putIfKnown(
                about, UserAgentAttributes.USER_AGENT_ORIGINAL, request.fields().get(HttpHeaderNames.USER_AGENT));
        putIfKnown(about, HttpAttributes.HTTP_ROUTE, request.observedRoute());
        putIfKnown(about, SERVICE, request.service());
        about.put(REQUEST_ID, request.id());
        about.put(ATTEMPTS, (long) request.attempts());
        about.put(WAITED, request.waitedNanos() / NANOS_PER_SECOND);
        String name = spanMethod(request);
        String route = request.observedRoute();
        return ended(request, route == null ? name : name + ' ' + route, about);
    }

    private static SpanDescription ended(ObservedRequest request, String name, AttributesBuilder about) {
        FailureKind failure = request.failure();
        // That a client leaves is no failure of the server's, as none is that it blames its client for.
        boolean left = request.ending() == RequestEnding.CLIENT_GONE;
        boolean hasStatus = request.status() != FailureKind.CLIENT_GONE.status() || !left;
        if (hasStatus) {
            about.put(HttpAttributes.HTTP_RESPONSE_STATUS_CODE, request.status());
        }
        boolean isError = (hasStatus && request.status() >= 500) || request.ending() == RequestEnding.CUT_SHORT;
        if (failure != null) {
            about.put(FAILURE, failure.code());
        }
        String type = left ? FailureKind.CLIENT_GONE.code() : isError ? type(failure, request.status()) : null;
        putIfKnown(about, ErrorAttributes.ERROR_TYPE, type);
        return new SpanDescription(
                name, about.build(), isError, isError && failure != null ? failure.sentence() : null);
    }

    SpanDescription of(ObservedAttempt attempt) {
        ObservedRequest request = attempt.request();
        Instance instance = attempt.upstream().instance();
        AttributesBuilder about = Attributes.builder();
        method(request, about);
        about.put(ServerAttributes.SERVER_ADDRESS, instance.address());
        about.put(ServerAttributes.SERVER_PORT, instance.port());
        String target = request.forwardedTarget();
        if (target != null) {
            String path = target.startsWith("/") ? query.redactedTarget(target) : "/";
            about.put(UrlAttributes.URL_FULL, "http://" + instance.authority() + path);
        }
        if (attempt.isConnected() && NetUtil.createByteArrayFromIpAddressString(instance.address()) != null) {
            about.put(NetworkAttributes.NETWORK_PEER_ADDRESS, instance.address());
            about.put(NetworkAttributes.NETWORK_PEER_PORT, instance.port());
        }
        // The only version that instances are spoken to in.
        about.put(NetworkAttributes.NETWORK_PROTOCOL_VERSION, "1.1");
        if (attempt.number() > 1) {
            about.put(HttpAttributes.HTTP_REQUEST_RESEND_COUNT, attempt.number() - 1);
        }
        putIfKnown(about, SERVICE, request.service());
        about.put(INSTANCE, instance.key().id());
        about.put(NODE, instance.key().node());
        about.put(REUSED, attempt.isReused());
        return ended(attempt, spanMethod(request), about);
    }

    private static SpanDescription ended(ObservedAttempt attempt, String name, AttributesBuilder about) {
        FailureKind failure = attempt.failure();
        int status = attempt.status();
        if (status > 0) {
            about.put(HttpAttributes.HTTP_RESPONSE_STATUS_CODE, status);
        }
        if (failure != null) {
            about.put(FAILURE, failure.code());
        }
        boolean isError = failure != null || status >= 400;
        boolean givenUp = status == 0 && failure == null;
        String type = isError ? type(failure, status) : givenUp ? FailureKind.CLIENT_GONE.code() : null;
        putIfKnown(about, ErrorAttributes.ERROR_TYPE, type);
        return new SpanDescription(name, about.build(), isError, failure == null ? null : failure.sentence());
    }

    private static String type(@Nullable FailureKind failure, int status) {
        return failure == null ? Integer.toString(status) : failure.code();
    }

    private void method(ObservedRequest request, AttributesBuilder about) {
        String method = request.method();
        if (knownMethods.contains(method)) {
            about.put(HttpAttributes.HTTP_REQUEST_METHOD, method);
        } else {
            about.put(HttpAttributes.HTTP_REQUEST_METHOD, OTHER);
            about.put(HttpAttributes.HTTP_REQUEST_METHOD_ORIGINAL, method);
        }
    }

    private String spanMethod(ObservedRequest request) {
        return knownMethods.contains(request.method()) ? request.method() : "HTTP";
    }

    private void url(ObservedRequest request, AttributesBuilder about) {
        about.put(UrlAttributes.URL_SCHEME, request.scheme());
        String target = RequestTarget.of(request.uri()).originForm();
        int mark = target.indexOf('?');
        about.put(UrlAttributes.URL_PATH, mark < 0 ? target : target.substring(0, mark));
        if (mark >= 0) {
            about.put(UrlAttributes.URL_QUERY, query.redacted(target.substring(mark + 1)));
        }
    }

    private static void server(ObservedRequest request, AttributesBuilder about) {
        String host = request.host();
        if (host == null || host.isEmpty()) {
            return;
        }
        int colon = host.lastIndexOf(':');
        boolean hasPort = colon > host.lastIndexOf(']') && colon + 1 < host.length();
        String address = hasPort ? host.substring(0, colon) : host;
        boolean isBracketed = address.startsWith("[") && address.endsWith("]");
        about.put(ServerAttributes.SERVER_ADDRESS, isBracketed ? address.substring(1, address.length() - 1) : address);
        int port = hasPort ? port(host.substring(colon + 1)) : request.scheme().equals("https") ? 443 : 80;
        if (port >= 0) {
            about.put(ServerAttributes.SERVER_PORT, port);
        }
    }

    /** The number of a port; -1 for none that there can be. */
    private static int port(String digits) {
        boolean isPort = digits.length() <= 5 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return isPort ? Integer.parseInt(digits) : -1;
    }

    private static void putIfKnown(AttributesBuilder about, AttributeKey<String> key, @Nullable String value) {
        if (value != null) {
            about.put(key, value);
        }
    }
}
