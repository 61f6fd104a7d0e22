package dev.pointsman.balancer.upstream.http1;

import dev.pointsman.balancer.http.UpstreamTransport;
import dev.pointsman.balancer.loop.LoopTurns;
import dev.pointsman.balancer.loop.TimeoutTicker;
import dev.pointsman.balancer.tls.UpstreamTls;
import dev.pointsman.balancer.upstream.ConnectionOpener;
import dev.pointsman.balancer.upstream.ConnectionOptions;
import dev.pointsman.balancer.upstream.StreamListener;
import dev.pointsman.balancer.upstream.StreamSource;
import dev.pointsman.balancer.upstream.UpstreamSocket;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Instance;
import io.netty.handler.codec.http.HttpDecoderConfig;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The connections of one event loop in HTTP/1.1. An idle one is used again, the youngest first; else a new one is opened. */
public final class Http1UpstreamConnections implements StreamSource {
    private final ConnectionOpener opener;
    private final IdentityHashMap<Upstream, IdleConnections> idle = new IdentityHashMap<>();
    private final Set<Http1UpstreamConnection> open = new HashSet<>();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(1);
    private final Http1RequestSink sink = new Http1RequestSink();
    private boolean closing;

    /** A set without a connection. */
    public Http1UpstreamConnections(ConnectionOpener opener) {
        this.opener = opener;
    }

    @Override
    public void connect(
            Upstream upstream, UpstreamTransport transport, boolean onNewConnection, StreamListener listener) {
        Http1UpstreamConnection ready = onNewConnection ? null : takeIdle(upstream, transport);
        if (ready == null) {
            opener.open(
                    upstream,
                    transport,
                    UpstreamTls.HTTP_1,
                    (to, instance, channel) -> make(to, instance, transport, channel),
                    new Opened(listener));
        } else {
            listener.connected(ready);
        }
    }

    private @Nullable Http1UpstreamConnection takeIdle(Upstream upstream, UpstreamTransport transport) {
        Instance instance = upstream.instance();
        IdleConnections known = idle.get(upstream);
        Http1UpstreamConnection ready = known == null ? null : known.pop();
        while (known != null && ready != null && !ready.leadsTo(instance, transport, opener.tls())) {
            ready.close();
            ready = known.pop();
        }
        if (ready != null) {
            ready.taken();
        }
        return ready;
    }

    private Http1UpstreamConnection make(
            Upstream upstream, Instance instance, UpstreamTransport transport, UpstreamSocket channel) {
        Http1UpstreamConnection connection = new Http1UpstreamConnection(this, upstream, instance, transport, channel);
        connection.install();
        return connection;
    }

    private final class Opened implements ConnectionOpener.OpenListener<Http1UpstreamConnection> {
        private final StreamListener listener;

        Opened(StreamListener listener) {
            this.listener = listener;
        }

        @Override
        public void opened(Http1UpstreamConnection connection) {
            open.add(connection);
            connection.opened();
            listener.connected(connection);
        }

        @Override
        public void notOpened(Throwable cause) {
            listener.notConnected(cause);
        }
    }

    HttpDecoderConfig decoderConfig() {
        return new HttpDecoderConfig()
                .setMaxInitialLineLength(options().maxHead())
                .setMaxHeaderSize(options().maxHead())
                .setMaxChunkSize(options().chunk());
    }

    /** Keeps a connection for a later request; false if it is to be closed, as all of them are. */
    boolean keep(Http1UpstreamConnection connection) {
        if (!closing) {
            idle.computeIfAbsent(connection.upstream(), none -> new IdleConnections())
                    .push(connection);
        }
        return !closing;
    }

    void closed(Http1UpstreamConnection connection) {
        if (open.remove(connection)) {
            opener.closed();
        }
        IdleConnections.Entry entry = connection.idleEntry();
        if (entry.isListed()) {
            IdleConnections known = idle.get(connection.upstream());
            if (known != null) {
                known.remove(entry);
                if (known.isEmpty()) {
                    idle.remove(connection.upstream());
                }
            }
        }
    }

    /** The room for a byte that must not be there, see {@link UpstreamSocket#isSilent}. */
    ByteBuffer scratch() {
        return scratch;
    }

    /** The writer of heads, one at a time. */
    Http1RequestSink sink() {
        return sink;
    }

    @Override
    public boolean closeOneIdle() {
        for (IdleConnections known : idle.values()) {
            Http1UpstreamConnection unused = known.pop();
            if (unused != null) {
                unused.close();
                return true;
            }
        }
        return false;
    }

    LoopTurns turns() {
        return opener.turns();
    }

    TimeoutTicker ticker() {
        return opener.ticker();
    }

    ConnectionOptions options() {
        return opener.options();
    }

    @Override
    public void close() {
        closing = true;
        List.copyOf(open).forEach(Http1UpstreamConnection::close);
    }
}
