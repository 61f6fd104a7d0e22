package dev.pointsman.client.internal.jdk;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.pointsman.client.CallTimeoutException;
import dev.pointsman.client.ContextFields;
import dev.pointsman.client.NoInstanceException;
import dev.pointsman.client.ServiceAddress;
import dev.pointsman.client.ServiceRequest;
import dev.pointsman.client.internal.call.CallLoop;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A service of one instance, and loops whose calls go there, whichever service they name. */
final class TestService implements AutoCloseable {
    /** A service whose calls take too long. */
    static final ServiceAddress LATE = ServiceAddress.of("late");
    /** A service without instances. */
    static final ServiceAddress NOBODY = ServiceAddress.of("nobody");

    private static final int SMALL_SOCKET = 64 * 1024;

    final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    final Map<String, Handler<HttpServerRequest>> paths = new ConcurrentHashMap<>();
    /** Where requests go, to be changed. */
    volatile int port;
    /** The options of the latest call. */
    volatile RequestOptions options = new RequestOptions();

    private volatile @Nullable HttpClientRequest call;

    TestService() {
        HttpServer server = vertx.createHttpServer(new HttpServerOptions().setSendBufferSize(SMALL_SOCKET))
                .requestHandler(request -> paths.getOrDefault(
                                request.path(),
                                unknown -> unknown.response().setStatusCode(404).end())
                        .handle(request));
        port = await(server.listen(0, "127.0.0.1")).actualPort();
        paths.put("/hello", request -> request.response().end("hello"));
        paths.put("/echo", request -> request.body().onSuccess(body -> request.response()
                .putHeader("x-method", request.method().name())
                .putHeader("x-length", String.valueOf(request.getHeader("content-length")))
                .putHeader("x-framing", String.valueOf(request.getHeader("transfer-encoding")))
                .end(body)));
    }

    static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, SECONDS)
                .join();
    }

    ServiceHttpClient client() {
        return client(null);
    }

    ServiceHttpClient client(@Nullable Executor executor) {
        return new ServiceHttpClient(loops(2), ContextFields.NONE, executor);
    }

    List<CallLoop> loops(int count) {
        List<CallLoop> loops = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            HttpClient client = vertx.createHttpClient(new HttpClientOptions().setReceiveBufferSize(SMALL_SOCKET));
            loops.add(new CallLoop(((VertxInternal) vertx).createEventLoopContext(), new DirectClient(client)));
        }
        return loops;
    }

    /** Whether the connection of the latest call, which has not been sent whole, takes no more at the moment. */
    boolean isFull() {
        HttpClientRequest latest = call;
        return latest != null && latest.writeQueueFull();
    }

    static HttpRequest.Builder request(String path) {
        return ServiceRequest.newBuilder(URI.create("service://api-service" + path));
    }

    @Override
    public void close() {
        await(vertx.close());
    }

    private final class DirectClient implements HttpClient {
        private final HttpClient client;

        DirectClient(HttpClient client) {
            this.client = client;
        }

        @Override
        public Future<HttpClientRequest> request(RequestOptions asked) {
            options = asked;
            ServiceAddress address = (ServiceAddress) asked.getServer();
            if (address.equals(LATE)) {
                return Future.failedFuture(new CallTimeoutException("late", "no response", List.of("a:1"), null));
            }
            if (address.equals(NOBODY)) {
                return Future.failedFuture(new NoInstanceException("nobody", "has no instance"));
            }
            return client.request(new RequestOptions(asked)
                            .setServer(SocketAddress.inetSocketAddress(port, "127.0.0.1"))
                            .setHost("api-service")
                            .setPort(80))
                    .onSuccess(ready -> call = ready);
        }

        @Override
        public Future<Void> shutdown(long timeout, TimeUnit unit) {
            return client.shutdown(timeout, unit);
        }
    }
}
