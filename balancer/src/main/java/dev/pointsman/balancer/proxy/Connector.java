package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.config.Limits;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Instance;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections to upstreams, of one event loop. Requests share kept-alive ones; an upgraded connection belongs to its
 * client for good, so those come from a pool of their own and never take a place from requests.
 */
final class Connector {
    private static final Logger log = LoggerFactory.getLogger(Connector.class);
    private static final int CHUNK = 64 * 1024;
    private static final int CONNECTIONS_PER_UPSTREAM = 1024;

    /** Below the 5 s after which Node.js, the least patient of the common servers, closes an idle connection. */
    private static final int KEEP_ALIVE_SECONDS = 4;

    private final HttpClient requests;
    private final HttpClient upgrades;
    private final long connectMillis;

    Connector(Vertx vertx, Limits limits) {
        this.requests = client(vertx, limits);
        this.upgrades = client(vertx, limits);
        this.connectMillis = limits.connect().toMillis();
    }

    private static HttpClient client(Vertx vertx, Limits limits) {
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout(Math.toIntExact(limits.connect().toMillis()))
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setReadIdleTimeout(Math.toIntExact(limits.idle().toSeconds()))
                .setMaxHeaderSize(limits.maxHead())
                .setMaxInitialLineLength(limits.maxHead())
                .setMaxChunkSize(CHUNK)
                .setDecompressionSupported(false);
        PoolOptions pool = new PoolOptions()
                .setHttp1MaxSize(CONNECTIONS_PER_UPSTREAM)
                .setMaxWaitQueueSize(CONNECTIONS_PER_UPSTREAM);
        return vertx.httpClientBuilder()
                .with(options)
                .with(pool)
                // What it means for a request is dealt with where the request is; Vert.x would log it as an error too.
                .withConnectHandler(connection -> connection.exceptionHandler(
                        broken -> log.debug("{}: {}", connection.remoteAddress(), broken.toString())))
                .build();
    }

    /** A request on a connection to this upstream; nothing is sent yet. */
    Future<HttpClientRequest> request(Upstream upstream) {
        return requests.request(to(upstream));
    }

    /** The same, for a request that asks for the connection to become something other than HTTP. */
    Future<HttpClientRequest> upgrade(Upstream upstream) {
        return upgrades.request(to(upstream));
    }

    private RequestOptions to(Upstream upstream) {
        Instance instance = upstream.instance();
        // The client's Host goes into the head, not in here: this one names the pool of connections.
        return new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(instance.port(), instance.address()))
                .setHost(instance.address())
                .setPort(instance.port())
                .setConnectTimeout(connectMillis);
    }

    Future<Void> close() {
        return Future.join(requests.close(), upgrades.close()).mapEmpty();
    }
}
