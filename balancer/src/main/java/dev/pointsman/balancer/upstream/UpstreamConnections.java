package dev.pointsman.balancer.upstream;

import dev.pointsman.balancer.http.UpstreamTransport;
import dev.pointsman.balancer.tls.UpstreamTls;
import dev.pointsman.pool.Upstream;

/** The connections of one event loop to all upstreams, whatever these speak. For that loop. */
public final class UpstreamConnections {
    private final ConnectionOpener opener;
    private final StreamSource http1;
    private final StreamSource http2;

    /**
     * A set without a connection.
     *
     * @param opener opens them
     * @param http1 has those that speak HTTP/1.1
     * @param http2 has those that speak HTTP/2
     */
    public UpstreamConnections(ConnectionOpener opener, StreamSource http1, StreamSource http2) {
        this.opener = opener;
        this.http1 = http1;
        this.http2 = http2;
        opener.serve(http1);
        opener.serve(http2);
    }

    /** Puts other timeouts and other means of TLS in force, for the connections that are opened from now on. */
    public void apply(ConnectionOptions options, UpstreamTls tls) {
        opener.apply(options);
        opener.secure(tls);
    }

    /**
     * Gives a stream to an upstream, at once if a connection is at hand.
     *
     * @param transport how it is spoken to
     * @param onNewConnection whether none that was idle will do
     */
    public void connect(
            Upstream upstream, UpstreamTransport transport, boolean onNewConnection, StreamListener listener) {
        StreamSource source = transport.protocol().isHttp2() ? http2 : http1;
        source.connect(upstream, transport, onNewConnection, listener);
    }

    /** Closes all connections. */
    public void close() {
        opener.close();
        http1.close();
        http2.close();
    }
}
