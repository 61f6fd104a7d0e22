package dev.pointsman.client.internal.connection;

import dev.pointsman.pool.Upstream;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Completable;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.CleanableHttpClient;
import io.vertx.core.http.impl.HttpChannelConnector;
import io.vertx.core.http.impl.HttpClientBase;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.http.HttpClientInternal;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to instances: HTTP/1.1 without TLS, one request at a time on each. Vert.x's own pool costs a
 * tenth of a short call more than this one, which no other thread ever looks at (ADR 0028); it is used where this one cannot be.
 * For its loop's thread alone, but for {@link #close}.
 */
public final class LoopConnections {
    private static final long SWEEP_SECONDS = 5;

    private final NumberedLoop loop;
    private final HttpClientBase client;
    private final int most;
    private final long patienceNanos;
    private final Map<SocketAddress, InstanceConnections> byAddress = new HashMap<>();
    private @Nullable ScheduledFuture<?> sweep;
    private volatile boolean closed;

    /**
     * Where connections live.
     *
     * @param number from 0, among {@code all} of them
     * @param context on which they are opened
     */
    public record NumberedLoop(int number, int all, EventLoop thread, ContextInternal context) {}

    private LoopConnections(NumberedLoop loop, HttpClientBase client, int most, long patienceNanos) {
        this.loop = loop;
        this.client = client;
        this.most = most;
        this.patienceNanos = patienceNanos;
    }

    /**
     * Those of a loop, made as a client's own are; null where that client is of another version of Vert.x, with other inner
     * types, or where its pool is measured.
     *
     * @param most how many there may be to one instance
     * @param patienceNanos how long a call waits for one when there are as many
     */
    public static @Nullable LoopConnections of(
            HttpClientInternal client, NumberedLoop loop, int most, long patienceNanos) {
        try {
            if (client.isMetricsEnabled()
                    || !(client instanceof CleanableHttpClient cleanable)
                    || !(cleanable.delegate instanceof HttpClientBase base)) {
                return null;
            }
            LoopConnections connections = new LoopConnections(loop, base, most, patienceNanos);
            // Nothing is connected by this, but it takes the types that connecting takes.
            var unused = connections.connector(
                    SocketAddress.inetSocketAddress(1, "127.0.0.1"), HostAndPort.create("127.0.0.1", 1));
            return connections;
        } catch (LinkageError otherVersion) {
            return null;
        }
    }

    private HttpChannelConnector connector(SocketAddress address, HostAndPort authority) {
        return new HttpChannelConnector(
                client,
                client.netClient(),
                null,
                null,
                null,
                HttpVersion.HTTP_1_1,
                false,
                false,
                authority,
                address,
                true,
                0);
    }

    /**
     * Gives a connection to an instance.
     *
     * @param context the taker is called on it: at once where a connection is idle
     * @throws IllegalStateException if it is closed
     */
    public void take(Upstream upstream, ContextInternal context, Completable<PooledConnection> taker) {
        if (closed) {
            throw new IllegalStateException("the client is closed");
        }
        to(upstream).take(context, taker);
    }

    private InstanceConnections to(Upstream upstream) {
        InstanceSocket socket = InstanceSocket.of(upstream, loop.all);
        InstanceConnections known = socket.connections(loop.number);
        if (known == null) {
            known = byAddress.computeIfAbsent(
                    socket.address(), address -> new InstanceConnections(this, connector(address, socket.authority())));
            socket.keep(loop.number, known);
        }
        return known;
    }

    int most() {
        return most;
    }

    long patienceNanos() {
        return patienceNanos;
    }

    ContextInternal context() {
        return loop.context;
    }

    boolean isClosed() {
        return closed;
    }

    ScheduledFuture<?> schedule(Runnable action, long after, TimeUnit unit) {
        return loop.thread.schedule(action, after, unit);
    }

    /** Has connections closed that stay idle for too long. */
    void sweepLater() {
        if (sweep == null && !closed) {
            sweep = schedule(this::sweep, SWEEP_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void sweep() {
        sweep = null;
        byAddress.values().removeIf(connections -> !connections.sweep());
        if (!byAddress.isEmpty()) {
            sweepLater();
        }
    }

    /** Opens none any more, and ends what waits for one; to be called before the client that they are of is shut down. */
    public void close() {
        closed = true;
        try {
            loop.thread.execute(() -> {
                if (sweep != null) {
                    sweep.cancel(false);
                }
                byAddress.values().forEach(each -> each.close(new IllegalStateException("the client is closed")));
            });
        } catch (RejectedExecutionException loopHasEnded) {
            // With it everything on it has.
        }
    }
}
