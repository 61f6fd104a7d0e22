package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.downstream.ClientConnection;
import dev.pointsman.balancer.downstream.RequestIds;
import dev.pointsman.balancer.downstream.http1.StrictRequestDecoder;
import dev.pointsman.balancer.observe.LoopObservers;
import dev.pointsman.balancer.observe.ObservedRequest;
import dev.pointsman.balancer.observe.RequestSteps;
import dev.pointsman.balancer.resilience.FailureKind;
import io.netty.handler.codec.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/** A client's request on its connection, whatever becomes of it. For one event loop. */
abstract class ClientRequest extends ObservedRequest {
    private final HttpServerRequest request;
    private final ClientConnection client;
    private final HttpHeaders fields;
    private @Nullable String id;

    /**
     * A request that begins now.
     *
     * @param observers told when it is over
     * @param steps told of each step; null for nearly all requests
     */
    ClientRequest(
            HttpServerRequest request, ClientConnection client, LoopObservers observers, @Nullable RequestSteps steps) {
        super(observers, steps);
        this.request = request;
        this.client = client;
        this.fields = fieldsOf(request);
    }

    /** The fields, in the same map that Vert.x wraps: the decoder makes it so, see {@link StrictRequestDecoder}. */
    static HttpHeaders fieldsOf(HttpServerRequest request) {
        return (HttpHeaders) request.headers();
    }

    /** The fields of its response, likewise. */
    static HttpHeaders fieldsOf(HttpServerResponse response) {
        return (HttpHeaders) response.headers();
    }

    final HttpServerRequest request() {
        return request;
    }

    final ClientConnection client() {
        return client;
    }

    /** Whether the client came by TLS, to us or to a trusted proxy before us. */
    final boolean isByTls() {
        return client.peer().isByTls(fields);
    }

    @Override
    public final String method() {
        return request.method().name();
    }

    @Override
    public final String uri() {
        return request.uri();
    }

    @Override
    public final String protocolVersion() {
        return HttpVersions.text(request);
    }

    @Override
    public final String scheme() {
        return isByTls() ? "https" : "http";
    }

    @Override
    public final String peerAddress() {
        return client.peer().address();
    }

    @Override
    public final int peerPort() {
        return client.peer().port();
    }

    @Override
    public final boolean isPeerTrusted() {
        return client.peer().isTrusted();
    }

    @Override
    public final String originAddress() {
        return client.peer().originOf(fields);
    }

    @Override
    public final HttpHeaders fields() {
        return fields;
    }

    /** The id that the logs on both sides know this request by, see {@link RequestIds}. */
    @Override
    public final String id() {
        String known = id;
        if (known == null) {
            known = client.requestIds().assign(fields, client.peer().isTrusted());
            id = known;
        }
        return known;
    }

    @Override
    public final int status() {
        return request.response().headWritten() ? request.response().getStatusCode() : FailureKind.CLIENT_GONE.status();
    }

    @Override
    public final HttpHeaders responseFields() {
        return fieldsOf(request.response());
    }

    @Override
    public long responseBytes() {
        return request.response().bytesWritten();
    }
}
