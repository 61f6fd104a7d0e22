package dev.pointsman.balancer.upstream.http2;

import dev.pointsman.balancer.http.UpstreamTransport;
import dev.pointsman.balancer.tls.UpstreamTls;
import dev.pointsman.balancer.upstream.ConnectionOpener;
import dev.pointsman.balancer.upstream.SharedFailureException;
import dev.pointsman.balancer.upstream.StreamListener;
import dev.pointsman.balancer.upstream.UpstreamSocket;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Instance;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one upstream, and those who wait for a stream there. A request gets a stream of the
 * connection that has the fewest; where all are full, another connection is opened.
 */
final class Http2UpstreamGroup implements ConnectionOpener.OpenListener<Http2UpstreamConnection> {
    private final Http2UpstreamConnections connections;
    private final Upstream upstream;
    private final List<Http2UpstreamConnection> ready = new ArrayList<>(1);
    private final Queue<StreamListener> waiting = new ArrayDeque<>(1);
    private UpstreamTransport transport = UpstreamTransport.PLAIN;
    private int opening;
    private boolean serving;

    Http2UpstreamGroup(Http2UpstreamConnections connections, Upstream upstream) {
        this.connections = connections;
        this.upstream = upstream;
    }

    void connect(UpstreamTransport by, StreamListener listener) {
        transport = by;
        Http2UpstreamConnection best = waiting.isEmpty() ? freest() : null;
        if (best == null) {
            waiting.add(listener);
            openAsNeeded();
        } else {
            listener.connected(best.newStream());
        }
    }

    private @Nullable Http2UpstreamConnection freest() {
        Instance instance = upstream.instance();
        Http2UpstreamConnection best = null;
        for (Http2UpstreamConnection each : List.copyOf(ready)) {
            if (!each.leadsTo(instance, transport, connections.opener().tls())) {
                each.leave();
                continue;
            }
            each.lookFirst();
            if (each.free() > 0 && (best == null || each.given() < best.given())) {
                best = each;
            }
        }
        return best;
    }

    private void openAsNeeded() {
        while (waiting.size() > opening * Http2UpstreamConnection.MOST_STREAMS) {
            opening++;
            connections.opener().open(upstream, transport, UpstreamTls.HTTP_2, this::make, this);
        }
    }

    private Http2UpstreamConnection make(Upstream to, Instance instance, UpstreamSocket channel) {
        Http2UpstreamConnection made = new Http2UpstreamConnection(
                connections,
                this,
                instance,
                transport,
                channel,
                connections.opener().options());
        made.install();
        return made;
    }

    @Override
    public void opened(Http2UpstreamConnection connection) {
        connections.opened(connection);
        connection.opened();
    }

    @Override
    public void notOpened(Throwable cause) {
        opening--;
        refuseWaiting(cause);
    }

    /** Notes that a connection takes streams. */
    void ready(Http2UpstreamConnection connection) {
        opening--;
        if (connection.free() > 0) {
            ready.add(connection);
            serveWaiting();
        } else {
            // Gone already, or of no use: another one would hardly be better, and those who wait have to hear of it.
            connection.leave();
            refuseWaiting(new IOException("the instance takes no stream on a new connection"));
        }
    }

    /** Notes that there may be room on a connection. */
    void freed() {
        if (!waiting.isEmpty()) {
            serveWaiting();
        }
    }

    private void serveWaiting() {
        if (serving) {
            return;
        }
        serving = true;
        try {
            while (!waiting.isEmpty()) {
                Http2UpstreamConnection best = freest();
                if (best == null) {
                    break;
                }
                waiting.remove().connected(best.newStream());
            }
        } finally {
            serving = false;
        }
        openAsNeeded();
    }

    /** Notes that a connection gives out no stream any more. */
    void left(Http2UpstreamConnection connection) {
        ready.remove(connection);
    }

    /**
     * Notes that a connection has ended.
     *
     * @param failure why it never was of use; null if it was
     */
    void closed(Http2UpstreamConnection connection, @Nullable Throwable failure) {
        ready.remove(connection);
        if (failure != null) {
            opening--;
            refuseWaiting(failure);
        }
    }

    /** Tells those who wait that there is no connection, unless one is still to come. The first is told what happened. */
    private void refuseWaiting(Throwable cause) {
        if (opening > 0) {
            return;
        }
        List<StreamListener> refused = List.copyOf(waiting);
        waiting.clear();
        Throwable told = cause;
        for (StreamListener each : refused) {
            each.notConnected(told);
            told = new SharedFailureException(cause);
        }
    }

    boolean isUnused() {
        return ready.isEmpty() && opening == 0 && waiting.isEmpty();
    }

    /** Closes a connection without a stream, if there is one. */
    boolean closeOneIdle() {
        for (Http2UpstreamConnection each : ready) {
            if (each.isIdle()) {
                each.close();
                return true;
            }
        }
        return false;
    }
}
