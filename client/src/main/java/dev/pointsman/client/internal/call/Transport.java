package dev.pointsman.client.internal.call;

import dev.pointsman.client.ClientOptions;
import dev.pointsman.client.internal.follow.FollowedServices;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.http.HttpClientInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP clients that carry requests to instances: one for each event loop, so that a request and its connection live on the
 * same one and no part of them goes from thread to thread. Thread-safe.
 */
public final class Transport {
    /** As long as the balancer keeps an idle connection at the most. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(60);

    private static final int LARGEST_HEAD = 64 * 1024;
    private static final LongSupplier NANOS = System::nanoTime;

    private final VertxInternal vertx;
    private final IdentityHashMap<EventLoop, HttpClientInternal> clients = new IdentityHashMap<>();
    private final IdentityHashMap<EventLoop, LoopDeadlines> deadlines = new IdentityHashMap<>();
    private final HttpClientInternal first;

    /** Makes a client for each of Vert.x's event loops, without a connection. */
    public Transport(Vertx vertx, ClientOptions options) {
        this.vertx = (VertxInternal) vertx;
        List<EventLoop> loops = new ArrayList<>();
        for (EventExecutor loop : this.vertx.eventLoopGroup()) {
            loops.add((EventLoop) loop);
        }
        int each = Math.max(1, options.connections() / loops.size());
        HttpClientOptions http = new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setConnectTimeout(Math.toIntExact(options.timeouts().connect().toMillis()))
                .setKeepAliveTimeout(Math.toIntExact(KEEP_ALIVE.toSeconds()))
                .setMaxHeaderSize(LARGEST_HEAD)
                .setMaxInitialLineLength(LARGEST_HEAD);
        PoolOptions pool = new PoolOptions().setHttp1MaxSize(each).setMaxWaitQueueSize(-1);
        for (EventLoop loop : loops) {
            deadlines.put(loop, new LoopDeadlines(loop, NANOS));
            clients.put(loop, (HttpClientInternal) vertx.httpClientBuilder()
                    .with(http)
                    .with(pool)
                    .withConnectHandler(Transport::opened)
                    .build());
        }
        first = on(loops.get(0));
    }

    private static void opened(HttpConnection connection) {
        // The request on it learns of it. Where there is none, it was idle, and its instance has gone: no error, which
        // Vert.x would log for each connection.
        connection.exceptionHandler(broken -> {});
        UnknownInterimResponses.filter(connection);
    }

    private HttpClientInternal on(EventLoop loop) {
        // Every loop of this Vert.x has one.
        return clients.getOrDefault(loop, first);
    }

    /** The client whose connections live where a context does. */
    HttpClient on(ContextInternal context) {
        return on(context.nettyEventLoop());
    }

    /** The deadlines of the loop on whose thread a context's tasks run; null where they run on another thread. */
    @Nullable
    LoopDeadlines deadlines(ContextInternal context) {
        return context.isEventLoopContext() ? deadlines.get(context.nettyEventLoop()) : null;
    }

    /** Any of them, for what does not depend on a loop. */
    HttpClientInternal any() {
        return first;
    }

    /** A client that takes the addresses of services, on top of these. */
    public BalancingHttpClient balancing(FollowedServices services, ClientOptions options) {
        return new BalancingHttpClient(new CallEnvironment(this, services, options, NANOS));
    }

    /** A place for calls on each event loop. */
    public List<CallLoop> loops(HttpClient balancing) {
        return clients.keySet().stream()
                .map(loop ->
                        new CallLoop(vertx.contextBuilder().withEventLoop(loop).build(), balancing))
                .toList();
    }

    /** Closes all connections; those that carry a request when it is over, or the time is. */
    public Future<Void> shutdown(Duration grace) {
        // Calls under way end with their connections.
        deadlines.values().forEach(LoopDeadlines::close);
        return Future.all(clients.values().stream()
                        .map(client -> client.shutdown(grace.toMillis(), TimeUnit.MILLISECONDS))
                        .toList())
                .mapEmpty();
    }
}
