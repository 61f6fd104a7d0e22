package dev.pointsman.balancer.upstream.http1;

import dev.pointsman.balancer.http.BodyFraming;
import dev.pointsman.balancer.http.UpstreamTransport;
import dev.pointsman.balancer.loop.Channels;
import dev.pointsman.balancer.loop.FairReader;
import dev.pointsman.balancer.tls.UpstreamTls;
import dev.pointsman.balancer.upstream.BadResponseException;
import dev.pointsman.balancer.upstream.RequestSink;
import dev.pointsman.balancer.upstream.ResponseListener;
import dev.pointsman.balancer.upstream.StaleConnectionException;
import dev.pointsman.balancer.upstream.UpstreamRequest;
import dev.pointsman.balancer.upstream.UpstreamSocket;
import dev.pointsman.balancer.upstream.UpstreamStream;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Instance;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection to an instance, with one request at a time on it. Its states:
 *
 * <pre>
 *          begin             head                                finished            all was read
 *   READY ───────► AWAITING ──┬───► RECEIVING ─────────────────┬─► FINISHED ──────────────► IDLE
 *    ▲ │                      ├───► RECEIVING_UNTIL_CLOSE ─────┘                            ▲ │
 *    │ │                      └───► TUNNEL                                                  │ │
 *    │ └──────────────────────────── returnUnused ──────────────────────────────────────────┘ │
 *    └────────────────────────────── taken ───────────────────────────────────────────────────┘   (CLOSED: from any)
 * </pre>
 *
 * <p>It goes back among the idle ones only after everything that came together with the response's end was looked at: a
 * byte too many there means that the two sides disagree about where the response ended (RFC 9112, 6.3), and the next
 * request on the connection would get another one's response. Whatever arrives while it is idle ends it. So that
 * nothing is overlooked that lies in the socket unread, that is looked at right before the first byte of the next
 * request is sent: a response that began before that is none. That call to the kernel is saved where the request can be sent
 * again and the connection was in use a moment ago: all that had arrived when the loop's turn began was read in it.
 *
 * <p>After a failed write, as when the upstream responded to a part of a request and closed, what it sent is still read.
 *
 * <p>Lives on one event loop. The listener of a request is called from within it, and may close it from there.
 */
final class Http1UpstreamConnection extends ChannelInboundHandlerAdapter
        implements UpstreamStream, StrictResponseDecoder.Gate {
    /** A server that ends idle connections, with or without a 408, waits for longer than this before it does. */
    private static final long MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Http1UpstreamConnections connections;
    private final Upstream upstream;
    private final Instance connectedTo;
    private final UpstreamTransport transport;
    private final UpstreamSocket channel;
    private final StrictResponseDecoder decoder;
    private final FairReader reader;
    private final Http1RequestWriter writer;
    private final Http1ResponseReader received;
    private final Http1UpstreamTimeouts timeouts;
    private final IdleConnections.Entry idleEntry = new IdleConnections.Entry(this);

    private ConnectionState state = ConnectionState.READY;
    private @Nullable ResponseListener listener;
    private boolean reading = true;

    /** Whether a byte has come since the present request began. */
    private boolean receiving;

    Http1UpstreamConnection(
            Http1UpstreamConnections connections,
            Upstream upstream,
            Instance connectedTo,
            UpstreamTransport transport,
            UpstreamSocket channel) {
        this.connections = connections;
        this.upstream = upstream;
        this.connectedTo = connectedTo;
        this.transport = transport;
        this.channel = channel;
        this.reader = new FairReader(connections.turns().reads(), channel);
        this.writer = new Http1RequestWriter(this, connections, channel);
        this.decoder = new StrictResponseDecoder(connections.decoderConfig(), this);
        this.received =
                new Http1ResponseReader(this, decoder, connections.options().keepAlive());
        this.timeouts = new Http1UpstreamTimeouts(this, connections.ticker(), connections.options());
    }

    /** Adds the connection's handlers to its channel. */
    void install() {
        channel.pipeline().addLast(reader, decoder, this);
    }

    /** Notes that the connection is established. */
    void opened() {
        timeouts.start();
    }

    /** The first handler of the connection. */
    FairReader reader() {
        return reader;
    }

    Upstream upstream() {
        return upstream;
    }

    IdleConnections.Entry idleEntry() {
        return idleEntry;
    }

    boolean isIdle() {
        return state == ConnectionState.IDLE;
    }

    /**
     * Whether the connection leads to the upstream's present address, as it is to be reached now: an instance may have moved since, or
     * be trusted no more.
     */
    boolean leadsTo(Instance instance, UpstreamTransport as, UpstreamTls tls) {
        return instance.port() == connectedTo.port()
                && instance.address().equals(connectedTo.address())
                && as.equals(transport)
                && channel.isSecuredBy(tls);
    }

    private void become(ConnectionState next) {
        state = state.to(next);
    }

    /** Notes that the connection was taken from the idle ones, for a request. */
    void taken() {
        become(ConnectionState.READY);
        writer.taken(timeouts.isSilentFor(MOMENT_NANOS) || !reader.hasReadAll() || channel.hasPartialRecord());
    }

    @Override
    public boolean isReused() {
        return writer.isReused();
    }

    @Override
    public RequestSink begin(UpstreamRequest request, ResponseListener responses) {
        become(ConnectionState.AWAITING);
        listener = responses;
        writer.begin(request);
        receiving = false;
        timeouts.requestBegan();
        decoder.expect(request.isHead(), responses::fields);
        return connections.sink().of(writer, request.body() == BodyFraming.CHUNKED, request.wantsUpgrade());
    }

    @Override
    public void writeBody(ByteBuf piece) {
        writer.writeBody(piece);
    }

    @Override
    public void writeBodyEnd(HttpHeaders trailers) {
        writer.writeBodyEnd(trailers);
    }

    @Override
    public void writeToTunnel(ByteBuf bytes) {
        writer.write(bytes);
    }

    @Override
    public void flush() {
        timeouts.recordActivity();
        writer.flush();
    }

    /** Notes that the first bytes of the request are sent now. */
    void requestSending() {
        ResponseListener responses = listener;
        if (responses != null) {
            responses.requestSending();
        }
    }

    boolean isClosed() {
        return state == ConnectionState.CLOSED;
    }

    @Override
    public void awaitResponse(long nanos) {
        if (state == ConnectionState.AWAITING) {
            timeouts.awaitResponse(nanos);
        }
    }

    @Override
    public boolean isFull() {
        return !channel.isWritable();
    }

    @Override
    public void setReading(boolean wanted) {
        if (reading != wanted) {
            reading = wanted;
            reader.setReading(wanted);
        }
    }

    @Override
    public boolean takesWebSocket() {
        return true;
    }

    /** Whether the connection can be used again after the response whose head has come. */
    @Override
    public boolean takesRest() {
        return timeouts.keepsAlive();
    }

    @Override
    public void finished() {
        listener = null;
        if (state != ConnectionState.CLOSED) {
            become(ConnectionState.FINISHED);
        }
    }

    @Override
    public void returnUnused() {
        timeouts.keepFor(connections.options().keepAlive().toNanos());
        becomeIdle();
    }

    private void becomeIdle() {
        decoder.expectNothing();
        if (connections.keep(this)) {
            become(ConnectionState.IDLE);
        } else {
            close();
        }
    }

    @Override
    public void close() {
        listener = null;
        closed();
    }

    private void closed() {
        if (state != ConnectionState.CLOSED) {
            become(ConnectionState.CLOSED);
            timeouts.stop();
            connections.closed(this);
            Channels.close(channel);
        }
    }

    /** Ends a connection on which something came without a request. It may be a server's 408 before it closes. */
    @Override
    public boolean mayDecode() {
        if (listener == null) {
            close();
            return false;
        }
        if (writer.isReused() && !writer.isSending()) {
            fail(new IOException("bytes before the request"));
            return false;
        }
        receiving = true;
        return true;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ResponseListener responses = listener;
        if (responses == null) {
            // Came together with the end of a response, and is no part of it.
            ReferenceCountUtil.release(message);
            close();
        } else {
            received.take(message, responses);
        }
    }

    /** Notes the head of the final response, which says how its body comes, and whether the connection is of use afterwards. */
    void responseBegan(ConnectionState next, long keepNanos) {
        become(next);
        timeouts.responseBegan();
        timeouts.keepFor(keepNanos);
    }

    boolean isReceivingBody() {
        return state.isReceivingBody();
    }

    /** Whether this listener is still the one that is told: it may have closed the connection when it got something. */
    boolean tells(ResponseListener responses) {
        return listener == responses;
    }

    /** Ends a connection whose response cannot be relayed. */
    void refuse(BadResponseException flaw) {
        fail(flaw);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        timeouts.recordActivity();
        ResponseListener responses = listener;
        if (responses != null) {
            responses.pauseInReading();
        } else if (state == ConnectionState.FINISHED) {
            if (timeouts.keepsAlive()
                    && !decoder.hasMore()
                    && !channel.hasPartialRecord()
                    && !channel.isWriting()
                    && channel.writeFailure() == null) {
                setReading(true);
                becomeIdle();
            } else {
                close();
            }
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        ResponseListener responses = listener;
        if (responses != null && channel.isWritable()) {
            timeouts.recordActivity();
            responses.writable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        IOException reset = channel.writeFailure();
        if (reset != null) {
            // The failed write was told of the reset, and for the reader it looks like an orderly end.
            fail(reset);
        } else if (state == ConnectionState.RECEIVING_UNTIL_CLOSE) {
            endOfConnection();
        } else {
            fail(new ClosedChannelException());
        }
    }

    /**
     * Handles the end of TLS, of which the decoder knows nothing. A response that ends with it is complete only if the other side has
     * said so: somebody in between can end a connection, too (RFC 9112, 9.8).
     */
    private void endOfTls(boolean said) {
        if (said && state == ConnectionState.RECEIVING_UNTIL_CLOSE) {
            endOfConnection();
        } else if (said || state == ConnectionState.RECEIVING_UNTIL_CLOSE) {
            fail(new ClosedChannelException());
        }
    }

    private void endOfConnection() {
        ResponseListener responses = listener;
        closed();
        if (responses != null) {
            responses.end(EmptyHttpHeaders.INSTANCE);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        ResponseListener responses = listener;
        if (event == UpstreamSocket.WRITE_FAILED && responses != null) {
            responses.requestCut();
        } else if (event instanceof SslCloseCompletionEvent end) {
            endOfTls(end.isSuccess());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A write to a channel that has ended fails, too; whether that was in order is said by the end.
        if (cause instanceof DecoderException && cause.getCause() instanceof SSLException broken) {
            // Which has closed the channel already.
            fail(broken);
        } else if (channel.isOpen()) {
            fail(cause);
        }
    }

    /** Handles a response whose head has not come in time. */
    void responseTimedOut() {
        ResponseListener responses = listener;
        if (responses != null) {
            responses.responseTimedOut();
        }
    }

    /** Handles a connection on which no byte came or went for too long. */
    void silent() {
        fail(ReadTimeoutException.INSTANCE);
    }

    private void fail(Throwable cause) {
        if (state == ConnectionState.RECEIVING_UNTIL_CLOSE
                && writer.isUploading()
                && cause instanceof IOException
                && !channel.isSecured()) {
            // The close of an upstream that leaves a part of the request unread is a reset, also at the response's end.
            endOfConnection();
            return;
        }
        ResponseListener responses = listener;
        boolean stale = writer.isReused() && !receiving && cause instanceof IOException;
        close();
        if (responses != null) {
            responses.failed(stale ? new StaleConnectionException(cause, writer.isSending()) : cause);
        }
    }
}
