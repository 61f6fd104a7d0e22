package dev.pointsman.balancer.upstream.http2;

import dev.pointsman.balancer.http.UpstreamTransport;
import dev.pointsman.balancer.loop.LoopTurns;
import dev.pointsman.balancer.loop.TimeoutTicker;
import dev.pointsman.balancer.upstream.ConnectionOpener;
import dev.pointsman.balancer.upstream.StreamListener;
import dev.pointsman.balancer.upstream.StreamSource;
import dev.pointsman.pool.Upstream;
import io.netty.channel.EventLoop;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** The connections of one event loop in HTTP/2. Each upstream has one of its own, and more while that is full. */
public final class Http2UpstreamConnections implements StreamSource {
    private final ConnectionOpener opener;
    private final IdentityHashMap<Upstream, Http2UpstreamGroup> groups = new IdentityHashMap<>();
    private final Set<Http2UpstreamConnection> open = new HashSet<>();
    private final Http2RequestSink sink = new Http2RequestSink();

    /** A set without a connection. */
    public Http2UpstreamConnections(ConnectionOpener opener) {
        this.opener = opener;
    }

    /** Gives a stream; on which connection does not matter, as one that has ended is known to have. */
    @Override
    public void connect(
            Upstream upstream, UpstreamTransport transport, boolean onNewConnection, StreamListener listener) {
        groups.computeIfAbsent(upstream, none -> new Http2UpstreamGroup(this, upstream))
                .connect(transport, listener);
    }

    void opened(Http2UpstreamConnection connection) {
        open.add(connection);
    }

    void closed(Http2UpstreamConnection connection) {
        if (open.remove(connection)) {
            opener.closed();
        }
        // Not now: a group may be in the middle of opening another one.
        opener.loop().execute(() -> groups.values().removeIf(Http2UpstreamGroup::isUnused));
    }

    ConnectionOpener opener() {
        return opener;
    }

    EventLoop loop() {
        return opener.loop();
    }

    LoopTurns turns() {
        return opener.turns();
    }

    TimeoutTicker ticker() {
        return opener.ticker();
    }

    Http2RequestSink sink() {
        return sink;
    }

    @Override
    public boolean closeOneIdle() {
        return groups.values().stream().toList().stream().anyMatch(Http2UpstreamGroup::closeOneIdle);
    }

    @Override
    public void close() {
        List.copyOf(open).forEach(Http2UpstreamConnection::close);
    }
}
