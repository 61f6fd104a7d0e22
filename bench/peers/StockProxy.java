import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.proxy.handler.ProxyHandler;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.OriginRequestProvider;
import java.util.List;
import java.util.stream.Stream;

/**
 * The stock forwarding of vertx-web-proxy on one event loop, taking turns over upstreams on loopback.
 *
 * <p>Arguments: the port to listen on, then the upstreams' ports.
 */
final class StockProxy {
    private static final int CONNECTIONS_PER_UPSTREAM = 1024;

    private final List<SocketAddress> upstreams;
    private int turn;

    private StockProxy(List<SocketAddress> upstreams) {
        this.upstreams = upstreams;
    }

    public static void main(String[] arguments) {
        List<SocketAddress> upstreams = Stream.of(arguments)
                .skip(1)
                .map(port -> SocketAddress.inetSocketAddress(Integer.parseInt(port), "127.0.0.1"))
                .toList();
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
        HttpClient client = vertx.createHttpClient(
                new HttpClientOptions().setKeepAlive(true), new PoolOptions().setHttp1MaxSize(CONNECTIONS_PER_UPSTREAM));
        StockProxy turns = new StockProxy(upstreams);
        HttpProxy proxy = HttpProxy.reverseProxy(client)
                .origin(OriginRequestProvider.selector(context -> Future.succeededFuture(turns.next())));
        Router router = Router.router(vertx);
        router.route().handler(ProxyHandler.create(proxy));
        vertx.createHttpServer(new HttpServerOptions().setAcceptBacklog(8192))
                .requestHandler(router)
                .listen(Integer.parseInt(arguments[0]), "127.0.0.1")
                .onFailure(cause -> {
                    cause.printStackTrace();
                    System.exit(1);
                });
    }

    /** Called by the one event loop alone. */
    private SocketAddress next() {
        turn = (turn + 1) % upstreams.size();
        return upstreams.get(turn);
    }
}
