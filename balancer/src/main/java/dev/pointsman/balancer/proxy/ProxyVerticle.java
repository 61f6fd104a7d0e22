package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.Limits;
import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.balancer.route.RouteTable;
import dev.pointsman.pool.Pool;
import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.proxy.handler.ProxyHandler;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data plane of one event loop: its share of the connections to clients, and its own connections to upstreams. Runs
 * once per core; the instances share the port and nothing else that is written per request.
 */
public final class ProxyVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(ProxyVerticle.class);
    private static final int CHUNK = 64 * 1024;
    private static final int BACKLOG = 8192;

    /** Vert.x gives each instance a port of its own for 0; a negative one stands for any port, shared by all of them. */
    private static final int ANY_PORT_SHARED = -1;

    /** What {@code OPTIONS *} is told. Others are passed on as well, whatever they are called. */
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE";

    private final BalancerConfig config;
    private final RouteTable routes;
    private final Map<String, Pool> pools;
    private final Admission admission;
    private final Drain drain;
    private volatile @Nullable HttpServer server;
    private volatile @Nullable Connector connector;

    /**
     * One event loop's part.
     *
     * @param pools by target, one for each target of the routes
     * @param admission shared by all instances
     * @param drain shared by all instances
     */
    public ProxyVerticle(
            BalancerConfig config, RouteTable routes, Map<String, Pool> pools, Admission admission, Drain drain) {
        this.config = config;
        this.routes = routes;
        this.pools = pools;
        this.admission = admission;
        this.drain = drain;
    }

    @Override
    public Future<?> start() {
        Connector upstreams = new Connector(vertx, config.limits());
        connector = upstreams;
        RequestHead requestHead = new RequestHead(config.trustedProxies());
        ProxyParts parts =
                new ProxyParts(vertx, config.limits(), upstreams, requestHead, new FailureLog(System::nanoTime), drain);
        Router router = Router.router(vertx);
        router.route().handler(ProxyHandler.create(new BalancingProxy(routes, pools, parts)));
        HttpServerOptions options = serverOptions();
        HttpServer listening = vertx.createHttpServer(options);
        server = listening;
        HeadDeadline headDeadline = new HeadDeadline(vertx, config.limits().head());
        listening.connectionHandler(connection -> accept(connection, options, headDeadline));
        listening.requestHandler(request -> {
            headDeadline.met(request.connection());
            take(request, router);
        });
        listening.invalidRequestHandler(Failures::refuseUndecodable);
        int port = config.listen().port();
        return listening.listen(
                port == 0 ? ANY_PORT_SHARED : port, config.listen().host());
    }

    private void accept(HttpConnection connection, HttpServerOptions options, HeadDeadline headDeadline) {
        Channel channel = ((ConnectionBase) connection).channel();
        ExactRequestDecoder.install(channel, options);
        // Of the channel, not of the HTTP connection: that one never hears of the end of a tunnel it became.
        channel.closeFuture().addListener(closed -> {
            admission.left();
            headDeadline.met(connection);
        });
        // A client that breaks off is everyday life; Vert.x would log it as an error.
        connection.exceptionHandler(broken -> log.debug("{}: {}", connection.remoteAddress(), broken.toString()));
        if (admission.admits()) {
            headDeadline.watch(connection);
        } else {
            connection.close();
        }
    }

    private static void take(HttpServerRequest request, Router router) {
        FailureKind refusal = RequestRules.refusal(request);
        if (refusal != null) {
            Failures.refuse(request, refusal);
        } else if (RequestRules.isAboutTheProxy(request)) {
            request.response().setStatusCode(204).putHeader("allow", METHODS).end();
        } else {
            router.handle(request);
        }
    }

    /** The port this part listens on; 0 before it does. */
    public int port() {
        HttpServer listening = server;
        return listening == null ? 0 : listening.actualPort();
    }

    private HttpServerOptions serverOptions() {
        Limits limits = config.limits();
        return new HttpServerOptions()
                .setAcceptBacklog(BACKLOG)
                .setHandle100ContinueAutomatically(true)
                .setMaxChunkSize(CHUNK)
                .setMaxHeaderSize(limits.maxHead())
                .setMaxInitialLineLength(limits.maxHead() / 2)
                .setDecoderInitialBufferSize(512)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setHttp2ClearTextEnabled(false)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(Math.toIntExact(limits.idle().toMillis()));
    }

    /** Stops accepting, lets exchanges finish within the drain time, then closes what is left. */
    public Future<Void> drainAndClose() {
        HttpServer listening = server;
        Connector upstreams = connector;
        Future<Void> served = listening == null
                ? Future.succeededFuture()
                : listening.shutdown(config.limits().drain().toMillis(), TimeUnit.MILLISECONDS);
        return served.eventually(() -> upstreams == null ? Future.succeededFuture() : upstreams.close());
    }
}
