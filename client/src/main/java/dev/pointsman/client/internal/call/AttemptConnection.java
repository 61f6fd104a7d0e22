package dev.pointsman.client.internal.call;

import dev.pointsman.client.internal.connection.IdleSocket;
import dev.pointsman.client.internal.connection.InstanceSocket;
import dev.pointsman.client.internal.connection.LoopConnections;
import dev.pointsman.client.internal.connection.PooledConnection;
import dev.pointsman.pool.Upstream;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.HostAndPort;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one attempt: of the client's own pool, or of Vert.x's where the own one cannot be used. For the call's context
 * alone.
 */
final class AttemptConnection {
    private final CallEnvironment environment;
    private final ServiceCall call;
    private final Upstream upstream;

    /** From its being taken until it is released or closed; null of Vert.x's pool. */
    private @Nullable PooledConnection own;

    AttemptConnection(CallEnvironment environment, ServiceCall call, Upstream upstream) {
        this.environment = environment;
        this.call = call;
        this.upstream = upstream;
    }

    /**
     * Gets a connection, and makes a request on it.
     *
     * @param wanted whether the attempt still goes on, once there is a connection
     * @param made takes the request, or why there is no connection
     * @throws RuntimeException if the client is closed, or what the caller asks for does not go together
     */
    void request(RequestOptions options, BooleanSupplier wanted, Handler<AsyncResult<HttpClientRequest>> made) {
        Transport transport = environment.transport();
        LoopConnections connections = call.head().isPlain() ? transport.connections(call.context()) : null;
        if (connections == null) {
            transport
                    .on(call.context())
                    .request(withAddress(options, transport.socket(upstream)))
                    .onComplete(made);
            return;
        }
        connections.take(upstream, call.context(), (taken, failure) -> {
            if (taken == null) {
                made.handle(Future.failedFuture(failure));
            } else if (wanted.getAsBoolean()) {
                own = taken;
                on(taken, options, made);
            } else {
                taken.release();
            }
        });
    }

    private void on(PooledConnection taken, RequestOptions options, Handler<AsyncResult<HttpClientRequest>> made) {
        Future<HttpClientRequest> making = taken.request(call.context(), options);
        if (making.isComplete()) {
            made.handle(making);
        } else {
            making.onComplete(made);
        }
    }

    private RequestOptions withAddress(RequestOptions options, InstanceSocket socket) {
        HostAndPort authority = socket.authority();
        if (!authority.host().equals(socket.address().host())) {
            options.setHost(authority.host()).setPort(authority.port());
        }
        // That connecting takes too long is the transport's to say; this is for the wait when all connections are in
        // use.
        return options.setServer(socket.address())
                .setConnectTimeout(TimeUnit.NANOSECONDS.toMillis(environment.responseNanos()));
    }

    /** Prepares a request on it, before its caller's wishes are set. */
    void prepare(HttpClientRequest request) {
        if (own != null && call.head().followRedirects()) {
            environment.transport().followRedirects(request, call.context());
        }
    }

    /** Whether it has carried a request before. */
    boolean isReused(HttpClientRequest request) {
        return IdleSocket.isReused(connectionOf(request));
    }

    /** Whether nothing has arrived on it that was not read, see {@link IdleSocket}. */
    boolean isSilent(HttpClientRequest request) {
        return IdleSocket.isSilent(connectionOf(request));
    }

    private HttpConnection connectionOf(HttpClientRequest request) {
        return own == null ? request.connection() : own.connection();
    }

    /** Gives it back, after a whole request and a whole response. Vert.x's pool does so by itself. */
    void release() {
        PooledConnection free = own;
        own = null;
        if (free != null) {
            free.release();
        }
    }

    /** Ends it with all that is on it. */
    void close(HttpClientRequest request) {
        if (own == null) {
            var unused = request.connection().close();
        } else {
            discard();
        }
    }

    /** Ends a request, and with it the connection. */
    void reset(HttpClientRequest request) {
        var unused = request.reset();
        // Vert.x's pool keeps it where nothing was sent.
        discard();
    }

    /** Ends it where no request could be made on it. */
    void discard() {
        PooledConnection used = own;
        own = null;
        if (used != null) {
            used.close();
        }
    }
}
