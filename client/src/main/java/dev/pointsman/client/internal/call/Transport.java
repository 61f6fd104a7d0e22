package dev.pointsman.client.internal.call;

import dev.pointsman.client.ClientOptions;
import dev.pointsman.client.internal.connection.InstanceSocket;
import dev.pointsman.client.internal.connection.LoopConnections;
import dev.pointsman.client.internal.connection.OpenedConnection;
import dev.pointsman.client.internal.follow.FollowedServices;
import dev.pointsman.pool.Upstream;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
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
    private final IdentityHashMap<EventLoop, LoopTransport> loops = new IdentityHashMap<>();
    private final LoopTransport first;

    /**
     * What carries the requests of one event loop.
     *
     * @param client Vert.x's, with a pool of its own
     * @param connections null where all requests go by that pool
     */
    private record LoopTransport(
            ContextInternal context,
            HttpClientInternal client,
            LoopDeadlines deadlines,
            @Nullable LoopConnections connections) {}

    /** Makes a client for each of Vert.x's event loops, without a connection. */
    public Transport(Vertx vertx, ClientOptions options) {
        this.vertx = (VertxInternal) vertx;
        List<EventLoop> threads = new ArrayList<>();
        for (EventExecutor loop : this.vertx.eventLoopGroup()) {
            threads.add((EventLoop) loop);
        }
        for (EventLoop thread : threads) {
            loops.put(thread, loop(thread, loops.size(), threads.size(), options));
        }
        // Every Vert.x has a loop.
        first = loops.values().iterator().next();
    }

    private LoopTransport loop(EventLoop thread, int number, int all, ClientOptions options) {
        int most = Math.max(1, options.connections() / all);
        HttpClientOptions http = new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setConnectTimeout(Math.toIntExact(options.timeouts().connect().toMillis()))
                .setKeepAliveTimeout(Math.toIntExact(KEEP_ALIVE.toSeconds()))
                .setMaxHeaderSize(LARGEST_HEAD)
                .setMaxInitialLineLength(LARGEST_HEAD);
        HttpClientInternal client = (HttpClientInternal) vertx.httpClientBuilder()
                .with(http)
                .with(new PoolOptions().setHttp1MaxSize(most).setMaxWaitQueueSize(-1))
                .withConnectHandler(OpenedConnection::prepare)
                .build();
        ContextInternal context = vertx.contextBuilder().withEventLoop(thread).build();
        LoopConnections connections = LoopConnections.of(
                client,
                new LoopConnections.NumberedLoop(number, all, thread, context),
                most,
                options.timeouts().response().toNanos());
        return new LoopTransport(context, client, new LoopDeadlines(thread, NANOS), connections);
    }

    private LoopTransport of(ContextInternal context) {
        // Every loop of this Vert.x has one.
        return loops.getOrDefault(context.nettyEventLoop(), first);
    }

    /** The client whose connections live where a context does. */
    HttpClientInternal on(ContextInternal context) {
        return of(context).client;
    }

    /** The address of an upstream's instance. */
    InstanceSocket socket(Upstream upstream) {
        return InstanceSocket.of(upstream, loops.size());
    }

    /** The deadlines of the loop on whose thread a context's tasks run; null where they run on another thread. */
    @Nullable
    LoopDeadlines deadlines(ContextInternal context) {
        return context.isEventLoopContext() ? of(context).deadlines : null;
    }

    /** The connections of the loop on whose thread a context's tasks run; null where its requests go by Vert.x's pool. */
    @Nullable
    LoopConnections connections(ContextInternal context) {
        return context.isEventLoopContext() ? of(context).connections : null;
    }

    /** Has redirections of a request followed as Vert.x's client does it, unless its caller says something else. */
    void followRedirects(HttpClientRequest request, ContextInternal context) {
        HttpClientInternal client = on(context);
        request.setMaxRedirects(client.options().getMaxRedirects());
        request.redirectHandler(response -> {
            Future<RequestOptions> next = client.redirectHandler().apply(response);
            return next == null ? null : next.compose(client::request);
        });
    }

    /** Any of them, for what does not depend on a loop. */
    HttpClientInternal any() {
        return first.client;
    }

    /** A client that takes the addresses of services, on top of these. */
    public BalancingHttpClient balancing(FollowedServices services, ClientOptions options) {
        return new BalancingHttpClient(new CallEnvironment(this, services, options, NANOS));
    }

    /** A place for calls on each event loop. */
    public List<CallLoop> loops(HttpClient balancing) {
        return loops.values().stream()
                .map(loop -> new CallLoop(loop.context, balancing))
                .toList();
    }

    /** Closes all connections; those that carry a request when it is over, or the time is. */
    public Future<Void> shutdown(Duration grace) {
        for (LoopTransport loop : loops.values()) {
            // Calls under way end with their connections.
            loop.deadlines.close();
            if (loop.connections != null) {
                loop.connections.close();
            }
        }
        return Future.all(loops.values().stream()
                        .map(loop -> loop.client.shutdown(grace.toMillis(), TimeUnit.MILLISECONDS))
                        .toList())
                .mapEmpty();
    }
}
