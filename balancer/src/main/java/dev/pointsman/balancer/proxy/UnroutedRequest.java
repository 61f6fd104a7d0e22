package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.downstream.ClientConnection;
import dev.pointsman.balancer.observe.LoopObservers;
import dev.pointsman.balancer.observe.ObservedRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** A client's request that is responded to before a route is looked for, such as one that is refused as it stands. */
final class UnroutedRequest extends ObservedRequest {
    private final HttpServerRequest request;
    private final ClientConnection client;
    private @Nullable String id;

    UnroutedRequest(HttpServerRequest request, ClientConnection client, LoopObservers observers) {
        super(observers);
        this.request = request;
        this.client = client;
    }

    HttpServerRequest request() {
        return request;
    }

    ClientConnection client() {
        return client;
    }

    @Override
    public String method() {
        return request.method().name();
    }

    @Override
    public String uri() {
        return request.uri();
    }

    @Override
    public String protocolVersion() {
        return HttpVersions.text(request);
    }

    @Override
    public @Nullable String host() {
        return fields().get(HttpHeaderNames.HOST);
    }

    @Override
    public String scheme() {
        return client.peer().isByTls(fields()) ? "https" : "http";
    }

    @Override
    public String peerAddress() {
        return client.peer().address();
    }

    @Override
    public int peerPort() {
        return client.peer().port();
    }

    @Override
    public boolean isPeerTrusted() {
        return client.peer().isTrusted();
    }

    @Override
    public String originAddress() {
        return client.peer().originOf(fields());
    }

    @Override
    public HttpHeaders fields() {
        return RoutedRequest.fieldsOf(request);
    }

    @Override
    public String id() {
        String known = id;
        if (known == null) {
            known = client.requestIds().assign(fields(), client.peer().isTrusted());
            id = known;
        }
        return known;
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
    public int status() {
        return request.response().getStatusCode();
    }

    @Override
    public HttpHeaders responseFields() {
        return RoutedRequest.fieldsOf(request.response());
    }

    @Override
    public long requestBytes() {
        return 0;
    }

    @Override
    public long responseBytes() {
        return request.response().bytesWritten();
    }
}
