package dev.pointsman.balancer.upstream.http2;

import dev.pointsman.balancer.http.UpstreamTransport;
import dev.pointsman.balancer.loop.Channels;
import dev.pointsman.balancer.loop.FairReader;
import dev.pointsman.balancer.tls.UpstreamTls;
import dev.pointsman.balancer.upstream.ConnectionOptions;
import dev.pointsman.balancer.upstream.UpstreamSocket;
import dev.pointsman.registry.Instance;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection to an instance, with many requests at a time on it. Its states:
 *
 * <pre>
 *            the upstream's SETTINGS              GOAWAY, or no ids left             the last stream has ended
 *   OPENING ─────────────────────────► READY ────────────────────────► LEAVING ─────────────────────────► CLOSED
 *                                      │  ▲                                        (CLOSED: from any)
 *             a response was not there │  │ something came
 *             in time, and a PING goes ▼  │
 *                                     IN DOUBT, which gets no new stream, and is closed when nothing comes
 * </pre>
 *
 * <p>No request goes out before the SETTINGS: they say how many streams there may be, and that it is HTTP/2 that is spoken.
 */
final class Http2UpstreamConnection {
    /** Streams that a connection has at the most, whatever its upstream takes: the rest is better on a connection of its own. */
    static final int MOST_STREAMS = 100;

    /** Bytes of answers to PINGs and the like that may wait for an upstream to read them. */
    private static final long MOST_UNREAD = 1024 * 1024;

    private static final AsciiString HTTP = AsciiString.cached("http");
    private static final AsciiString HTTPS = AsciiString.cached("https");

    private final Http2UpstreamConnections connections;
    private final Http2UpstreamGroup group;
    private final Instance connectedTo;
    private final UpstreamTransport transport;
    private final UpstreamSocket channel;
    private final Http2UpstreamHandler frames;
    private final Http2UpstreamTimeouts timeouts;
    private final Http2UpstreamEvents streams;
    private final Http2UpstreamWriter writer;
    private final ResponseWindow.Growth growth = new ResponseWindow.Growth();

    private Http2UpstreamState state = Http2UpstreamState.OPENING;

    /** Streams given out, those that have not begun included. */
    private int given;

    /** Whether it was opened, as far as those know who wanted it. */
    private boolean established;

    private boolean used;
    private boolean webSockets;
    private boolean doubted;
    private long reads;

    private enum Http2UpstreamState {
        OPENING,
        READY,
        LEAVING,
        CLOSED
    }

    Http2UpstreamConnection(
            Http2UpstreamConnections connections,
            Http2UpstreamGroup group,
            Instance connectedTo,
            UpstreamTransport transport,
            UpstreamSocket channel,
            ConnectionOptions options) {
        this.connections = connections;
        this.group = group;
        this.connectedTo = connectedTo;
        this.transport = transport;
        this.channel = channel;
        this.streams = new Http2UpstreamEvents(this, connections.ticker().now());
        this.frames =
                Http2UpstreamHandler.of(this, streams, transport.protocol().isTls(), options.maxHead());
        this.writer = new Http2UpstreamWriter(this, frames, connections);
        this.timeouts = new Http2UpstreamTimeouts(this, connections.ticker(), options);
    }

    /** Adds the connection's handlers to its channel. */
    void install() {
        channel.pipeline().addLast(new FairReader(connections.turns().reads(), channel), frames);
    }

    /** Notes that the connection is established; it is of use when its SETTINGS are there. */
    void opened() {
        established = true;
        timeouts.start();
        if (state == Http2UpstreamState.CLOSED) {
            ended(new ClosedChannelException());
        } else if (channel.isSecured() && !UpstreamTls.HTTP_2.contains(String.valueOf(channel.applicationProtocol()))) {
            broken(new IOException("the instance does not offer HTTP/2 over TLS (ALPN: h2)"));
        }
    }

    /** Whether the connection leads to the upstream's present address: an instance may have moved since. */
    boolean leadsTo(Instance instance, UpstreamTransport by, UpstreamTls tls) {
        return instance.port() == connectedTo.port()
                && instance.address().equals(connectedTo.address())
                && by.equals(transport)
                && channel.isSecuredBy(tls);
    }

    CharSequence scheme() {
        return transport.protocol().isTls() ? HTTPS : HTTP;
    }

    Http2RequestSink sink() {
        return connections.sink();
    }

    Http2UpstreamWriter writer() {
        return writer;
    }

    /** What the windows of its responses may have grown by. */
    ResponseWindow.Growth growth() {
        return growth;
    }

    /** Whether its upstream takes the extended CONNECT (RFC 8441, 3). */
    boolean takesWebSockets() {
        return webSockets;
    }

    Http2UpstreamEvents streams() {
        return streams;
    }

    long now() {
        return connections.ticker().now();
    }

    /** How often something was read. */
    long reads() {
        return reads;
    }

    boolean isOpening() {
        return state == Http2UpstreamState.OPENING;
    }

    boolean isIdle() {
        return given == 0;
    }

    /** How many more streams it takes. */
    int free() {
        if (state != Http2UpstreamState.READY || doubted || !channel.isActive()) {
            return 0;
        }
        return Math.min(MOST_STREAMS, frames.connection().local().maxActiveStreams()) - given;
    }

    int given() {
        return given;
    }

    /** Reads what has arrived, where nothing is under way that would have been read: a GOAWAY, or the end. */
    void lookFirst() {
        if (given == 0 && used) {
            Channels.readNow(channel);
        }
    }

    /** A stream that has not begun. */
    Http2UpstreamStream newStream() {
        given++;
        boolean reused = used;
        used = true;
        return new Http2UpstreamStream(this, reused);
    }

    /** Gives a stream its id. */
    int open(Http2UpstreamStream stream) {
        int id = frames.connection().local().incrementAndGetNextStreamId();
        if (id > Integer.MAX_VALUE - 2 * MOST_STREAMS) {
            leave();
        }
        streams.add(id, stream);
        writer.begins(stream);
        return id;
    }

    /** Notes that a stream is over, for whoever had it. */
    void released(Http2UpstreamStream stream) {
        given--;
        streams.remove(stream);
        writer.forget(stream);
        if (given == 0 && state == Http2UpstreamState.LEAVING) {
            // A stream that is being told of its end may have something to send yet.
            connections.loop().execute(this::closeIfUnused);
        } else {
            timeouts.recordActivity();
            group.freed();
        }
    }

    void closeIfUnused() {
        if (given == 0) {
            close();
        }
    }

    /** Gives out no stream any more; those under way go on. */
    void leave() {
        if (state == Http2UpstreamState.OPENING || state == Http2UpstreamState.READY) {
            Http2UpstreamState before = state;
            state = Http2UpstreamState.LEAVING;
            group.left(this);
            if (before == Http2UpstreamState.OPENING) {
                broken(new IOException("the instance went away while the connection was opened"));
            } else if (given == 0) {
                close();
            }
        }
    }

    /** Ends the connection, and tells the upstream that it was in order. */
    void close() {
        if (state != Http2UpstreamState.CLOSED) {
            writer.goAway();
        }
        broken(new IOException("closed"));
    }

    /** Ends the connection and all that is under way on it. */
    void broken(Throwable cause) {
        if (state == Http2UpstreamState.CLOSED) {
            return;
        }
        boolean wasOpening = state == Http2UpstreamState.OPENING;
        state = Http2UpstreamState.CLOSED;
        if (established) {
            ended(wasOpening ? cause : null);
        }
        streams.failAll(cause, reads);
        Channels.close(channel);
    }

    /** Tells those who know of the connection that it is no more, and why it never was of use, if so. */
    private void ended(@Nullable Throwable uselessBecause) {
        timeouts.stop();
        group.closed(this, uselessBecause);
        connections.closed(this);
    }

    void bytesReceived() {
        reads++;
        doubted = false;
        timeouts.recordReceived();
    }

    void flushing() {
        writer.flushing();
    }

    void readComplete() {
        streams.readComplete();
    }

    /** Handles SETTINGS of the upstream's. */
    void settingsReceived(boolean withConnect) {
        webSockets |= withConnect;
        if (state == Http2UpstreamState.OPENING) {
            state = Http2UpstreamState.READY;
            // The listeners of the opening may not have been called yet.
            connections.loop().execute(() -> group.ready(this));
        } else {
            group.freed();
        }
    }

    /** Whether the upstream reads so little that what it is answered piles up: flow control has a request's body wait long before that. */
    boolean isSwamped() {
        return channel.bytesBeforeWritable() > MOST_UNREAD;
    }

    boolean isClosed() {
        return state == Http2UpstreamState.CLOSED;
    }

    /** Asks whether anybody is there, unless something has come since the question arose. */
    void doubt() {
        if (state != Http2UpstreamState.CLOSED && !doubted && !timeouts.hasReceivedLately()) {
            doubted = true;
            timeouts.asked();
            writer.ping();
        }
    }

    boolean isDoubted() {
        return doubted;
    }

    /** Handles a connection that does not stand in time: its SETTINGS have not come. */
    void openingTimedOut() {
        broken(new ConnectTimeoutException("no SETTINGS of HTTP/2 came in time"));
    }

    /** Handles a connection on which nothing came after a PING. */
    void unanswered() {
        broken(ReadTimeoutException.INSTANCE);
    }
}
