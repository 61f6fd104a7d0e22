package dev.pointsman.client.internal.connection;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.impl.HttpClientConnectionInternal;
import io.vertx.core.http.impl.UnpooledHttpClientConnection;
import io.vertx.core.internal.ContextInternal;

/**
 * A connection to an instance, for one request at a time. Whoever has it either {@linkplain #release() releases} it, when a
 * request and its response were whole, or {@linkplain #close() closes} it. For its loop's thread alone.
 */
public final class PooledConnection {
    private final InstanceConnections owner;
    private final HttpClientConnectionInternal connection;
    private final UnpooledHttpClientConnection requests;
    private boolean gone;

    PooledConnection(InstanceConnections owner, HttpClientConnectionInternal connection) {
        this.owner = owner;
        this.connection = connection;
        this.requests = new UnpooledHttpClientConnection(connection);
        connection.evictionHandler(closing -> gone());
        OpenedConnection.prepare(connection);
    }

    /** Begins a request on it: at once, or in a moment where the response before is just being ended. */
    public Future<HttpClientRequest> request(ContextInternal context, RequestOptions options) {
        return requests.request(context, options);
    }

    /** It in Vert.x's form. */
    public HttpConnection connection() {
        return connection;
    }

    /** Gives it back for the next request. */
    public void release() {
        if (!gone) {
            owner.released(this);
        }
    }

    /** Ends it, with whatever is on it. */
    public void close() {
        gone();
        var unused = connection.close();
    }

    /** Whether the next request may go on it: it is not closed, nor idle for longer than its instance keeps it. */
    boolean isValid() {
        return !gone && connection.isValid();
    }

    private void gone() {
        if (!gone) {
            gone = true;
            owner.gone(this);
        }
    }
}
