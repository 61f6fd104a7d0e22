package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.downstream.ClientConnection;
import dev.pointsman.balancer.observe.LoopObservers;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** A client's request that is responded to before a route is looked for, such as one that is refused as it stands. */
final class UnroutedRequest extends ClientRequest {
    UnroutedRequest(HttpServerRequest request, ClientConnection client, LoopObservers observers) {
        super(request, client, observers, null);
    }

    @Override
    public @Nullable String host() {
        return fields().get(HttpHeaderNames.HOST);
    }

    @Override
    public @Nullable String observedRoute() {
        return null;
    }

    @Override
    public @Nullable String service() {
        return null;
    }

    @Override
    public @Nullable String forwardedTarget() {
        return null;
    }

    @Override
    public long requestBytes() {
        return 0;
    }
}
