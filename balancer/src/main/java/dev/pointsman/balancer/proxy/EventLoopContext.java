package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.ExplainSecret;
import dev.pointsman.balancer.config.Limits;
import dev.pointsman.balancer.loop.TimeoutTicker;
import dev.pointsman.balancer.observe.LoopObservers;
import dev.pointsman.balancer.upstream.UpstreamConnections;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/** The objects and settings that all exchanges of one event loop share. For that loop. */
final class EventLoopContext {
    private final Vertx vertx;
    private final TimeoutTicker ticker;
    private final UpstreamConnections connections;
    private final FailureLog failureLog;
    private final RecentRequests recent = new RecentRequests();
    private Limits limits;
    private RequestHead requestHead;
    private @Nullable ExplainSecret explainSecret;
    private HttpsRedirect httpsRedirect;
    private LoopObservers observers;

    EventLoopContext(
            Vertx vertx,
            BalancerConfig config,
            TimeoutTicker ticker,
            UpstreamConnections connections,
            FailureLog failureLog,
            LoopObservers observers) {
        this.vertx = vertx;
        this.ticker = ticker;
        this.connections = connections;
        this.failureLog = failureLog;
        this.limits = config.limits();
        this.requestHead = new RequestHead(new Forwarding(config.forwarded()));
        this.explainSecret = config.explainSecret();
        this.httpsRedirect = new HttpsRedirect(config);
        this.observers = observers;
    }

    /** Puts other settings in force, for the exchanges that begin from now on. */
    void apply(BalancerConfig config, LoopObservers nextObservers) {
        observers = nextObservers;
        limits = config.limits();
        requestHead = new RequestHead(new Forwarding(config.forwarded()));
        explainSecret = config.explainSecret();
        httpsRedirect = new HttpsRedirect(config);
    }

    Vertx vertx() {
        return vertx;
    }

    Limits limits() {
        return limits;
    }

    /** What requests show to be explained; null if none are. */
    @Nullable
    ExplainSecret explainSecret() {
        return explainSecret;
    }

    /** Where requests in clear text are sent. */
    HttpsRedirect httpsRedirect() {
        return httpsRedirect;
    }

    /** Those who are told of the requests that begin from now on. */
    LoopObservers observers() {
        return observers;
    }

    TimeoutTicker ticker() {
        return ticker;
    }

    UpstreamConnections connections() {
        return connections;
    }

    RequestHead requestHead() {
        return requestHead;
    }

    /** What was routed lately on this loop. */
    RecentRequests recent() {
        return recent;
    }

    FailureLog failureLog() {
        return failureLog;
    }
}
