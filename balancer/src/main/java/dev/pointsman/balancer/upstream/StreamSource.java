package dev.pointsman.balancer.upstream;

import dev.pointsman.balancer.http.UpstreamTransport;
import dev.pointsman.pool.Upstream;

/** The connections of one event loop in one version of HTTP, as a source of streams. For that loop. */
public interface StreamSource {
    /**
     * Gives a stream to this upstream, at once if a connection is at hand.
     *
     * @param transport how it is spoken to
     * @param onNewConnection whether none that was idle will do
     */
    void connect(Upstream upstream, UpstreamTransport transport, boolean onNewConnection, StreamListener listener);

    /** Closes an idle connection, if there is one, so that another one may be opened. */
    boolean closeOneIdle();

    /** Closes all connections. */
    void close();
}
