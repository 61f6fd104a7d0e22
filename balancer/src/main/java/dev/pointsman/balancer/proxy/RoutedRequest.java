package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.config.Limits;
import dev.pointsman.balancer.downstream.ClientConnection;
import dev.pointsman.balancer.downstream.ReceivedRequest;
import dev.pointsman.balancer.downstream.ResponseEndListener;
import dev.pointsman.balancer.filter.FilteredRequest;
import dev.pointsman.balancer.filter.RouteGate;
import dev.pointsman.balancer.http.BodyFraming;
import dev.pointsman.balancer.http.ConnectionField;
import dev.pointsman.balancer.http.Cookies;
import dev.pointsman.balancer.http.RequestTarget;
import dev.pointsman.balancer.observe.LoopObservers;
import dev.pointsman.balancer.proxy.BoundRoute.BoundBranch;
import dev.pointsman.balancer.route.PathRewrite;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteLookup.RoutedFacts;
import dev.pointsman.balancer.route.RouteOptions;
import dev.pointsman.balancer.upstream.UpstreamRequest;
import dev.pointsman.pool.QueryParameters;
import dev.pointsman.registry.OneLine;
import dev.pointsman.retry.RetryRule;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client's request with its route, once that is known, and with what policies, limits and the upstream's head are derived
 * from.
 */
final class RoutedRequest extends ClientRequest
        implements RoutedFacts, FilteredRequest, UpstreamRequest, ResponseEndListener {
    private static final String WEBSOCKET = "websocket";

    private final ReceivedRequest received;
    private final RequestTarget target;
    private final boolean wantsUpgrade;
    private final @Nullable LiveExplanation explanation;
    private @Nullable BoundRoute route;
    private @Nullable BoundBranch branch;
    private @Nullable String forwarded;
    private @Nullable Tunnel tunnel;

    /**
     * A request that has no route yet.
     *
     * @param explanation the notes for its response; null for none
     * @param observers told when it is over
     */
    RoutedRequest(
            HttpServerRequest request,
            RequestTarget target,
            ClientConnection client,
            @Nullable LiveExplanation explanation,
            LoopObservers observers) {
        super(request, client, observers, explanation);
        this.explanation = explanation;
        this.received = client.received();
        this.target = target;
        this.wantsUpgrade = received.hasUpgrade() && asksForWebSocket();
        received.onResponseEnd(this);
    }

    /**
     * Whether the request asks for a WebSocket (RFC 6455, 4.1; RFC 9110, 7.8). Other protocols are not offered to the
     * upstream: the request goes on as plain HTTP, as 7.8 allows.
     */
    private boolean asksForWebSocket() {
        return received.framing() == BodyFraming.NONE
                && request().version() != HttpVersion.HTTP_1_0
                && request().method().equals(HttpMethod.GET)
                && isWebSocket(fields())
                && ConnectionField.has(fields(), HttpHeaderValues.UPGRADE);
    }

    /** Whether Upgrade names WebSocket and nothing else. */
    static boolean isWebSocket(HttpHeaders fields) {
        return WEBSOCKET.equalsIgnoreCase(fields.get(HttpHeaderNames.UPGRADE));
    }

    @Override
    public RequestTarget target() {
        return target;
    }

    /**
     * The target as it is forwarded, see {@link PathRewrite}; null if there is none, so that it has to be refused.
     */
    @Nullable
    String forwarded() {
        String known = forwarded;
        if (known == null) {
            known = options().path().apply(target.originForm(), target.path());
            forwarded = known;
        }
        return known;
    }

    /** The prefix that the route takes off the path, or null if it takes none off. */
    @Nullable
    String strippedPrefix() {
        return options().path().strippedFrom(target.path());
    }

    /** Takes a route, or another branch of it. */
    void take(BoundRoute by, @Nullable BoundBranch on) {
        route = by;
        branch = on;
        forwarded = null;
    }

    BoundRoute bound() {
        return Objects.requireNonNull(route, "no route yet");
    }

    /** Whether its route leads anywhere. */
    boolean hasBranch() {
        return branch != null;
    }

    BoundBranch branch() {
        return Objects.requireNonNull(branch, "no route yet");
    }

    Route route() {
        return bound().route();
    }

    /** The options of the branch that it takes; of a route without branches, the route's. */
    RouteOptions options() {
        BoundBranch taken = branch;
        return taken == null ? route().options() : taken.options();
    }

    /** What it has to pass, and what changes its messages; null for nothing. */
    @Nullable
    RouteGate gate() {
        BoundBranch taken = branch;
        if (taken != null) {
            return taken.gate();
        }
        BoundRoute by = route;
        return by == null ? null : by.gate();
    }

    /** The notes for its response; null for nearly all requests, which are not explained. */
    @Nullable
    LiveExplanation explanation() {
        return explanation;
    }

    ReceivedRequest received() {
        return received;
    }

    @Override
    public BodyFraming body() {
        return received.framing();
    }

    @Override
    public boolean wantsUpgrade() {
        return wantsUpgrade;
    }

    @Override
    public boolean isHead() {
        return request().method().equals(HttpMethod.HEAD);
    }

    /** Whether it is a call of gRPC that goes on in HTTP/2. */
    boolean isGrpc() {
        return options().pool().transport().protocol().isHttp2() && GrpcCall.is(fields());
    }

    @Override
    public boolean acceptsTrailers() {
        return isGrpc() || fields().containsValue(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS, true);
    }

    @Override
    public boolean isRepeatable() {
        return body() == BodyFraming.NONE && RetryRule.isIdempotent(method());
    }

    /** The most bytes of a body that this route takes; 0 for any number. */
    long maxBody(Limits limits) {
        Long own = options().maxBody();
        return own == null ? limits.maxBody() : own;
    }

    /** Whether the length that the client states is more than this route takes. */
    boolean isTooLarge(Limits limits) {
        long most = maxBody(limits);
        return received.framing() == BodyFraming.CONTENT_LENGTH
                && most > 0
                && Long.parseLong(fields().get(HttpHeaderNames.CONTENT_LENGTH)) > most;
    }

    /** The longest wait for a response, in nanoseconds. */
    long responseTimeoutNanos(Limits limits) {
        Duration own = options().response();
        if (own != null) {
            return own.toNanos();
        }
        // A server of gRPC may have nothing to say for long; what limits a call is its deadline, or silence.
        return isGrpc() ? limits.idle().toNanos() : limits.responseNanos();
    }

    /** Whether the client waits for 100 before it sends its body (RFC 9110, 10.1.1). */
    boolean waitsForContinue() {
        return received.framing() != BodyFraming.NONE
                && request().version() != HttpVersion.HTTP_1_0
                && received.expectsContinue();
    }

    /** The requested host: that of an absolute-form target counts instead of the Host field (RFC 9112, 3.2.2). */
    @Override
    public @Nullable String host() {
        return target.authority().isEmpty() ? fields().get(HttpHeaderNames.HOST) : target.authority();
    }

    /** The longest wait for a permit. */
    Duration queueTimeout() {
        return options().pool().queueTimeout();
    }

    @Override
    public String routeName() {
        return bound().name();
    }

    @Override
    public @Nullable String clientAddress() {
        return originAddress();
    }

    @Override
    public @Nullable String header(String name) {
        return fields().get(name);
    }

    @Override
    public @Nullable String cookie(String name) {
        return Cookies.first(fields(), name);
    }

    @Override
    public @Nullable String queryParameter(String name) {
        return QueryParameters.first(target.originForm(), name);
    }

    @Override
    public @Nullable String observedRoute() {
        BoundRoute by = route;
        return by == null ? null : by.name();
    }

    @Override
    public @Nullable String service() {
        BoundBranch taken = branch;
        return taken == null ? null : taken.target();
    }

    @Override
    public @Nullable String forwardedTarget() {
        return route == null ? null : forwarded();
    }

    @Override
    public long requestBytes() {
        return received.body().received() + (tunnel == null ? 0 : tunnel.bytesReceived());
    }

    @Override
    public long responseBytes() {
        return tunnel == null ? super.responseBytes() : tunnel.bytesSent();
    }

    /** Notes that its connection is a tunnel from now on: it is over when that is. */
    void becomes(Tunnel opened) {
        tunnel = opened;
    }

    @Override
    public void responseEnded() {
        if (tunnel == null) {
            if (!request().response().ended()) {
                noteClientGone();
            }
            noteEnd();
        }
    }

    @Override
    public String toString() {
        return OneLine.of(request().method().name(), 40) + " " + OneLine.of(target.path());
    }
}
