package dev.pointsman.balancer.upstream;

import dev.pointsman.balancer.loop.Channels;
import dev.pointsman.balancer.loop.TimeoutTicker;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Instance;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * One connection to an upstream, with one request at a time on it.
 *
 * <pre>
 *   idle ─ begin ─► busy ─ response complete and request sent ─► idle         (closed: from anywhere)
 *                    └──── 101 ─► tunnel
 * </pre>
 *
 * <p>It goes back among the idle ones only after everything that came together with the response's end was looked at: a
 * byte too many there means that the two sides disagree about where the response ended (RFC 9112, 6.3), and the next
 * request on the connection would get another one's response.
 */
public final class UpstreamConnection extends ChannelInboundHandlerAdapter {
    private final UpstreamConnections connections;
    private final Upstream upstream;
    private final Instance connectedTo;
    private final Channel channel;
    private final StrictResponseDecoder decoder;
    private final Timeouts timeouts = new Timeouts();

    private @Nullable ResponseListener listener;
    private long lastActive;
    private long responseDeadline;
    private boolean headReceived;
    private boolean untilClose;
    private long keepAliveNanos;
    private boolean tunnel;
    private boolean paused;
    private boolean done;
    private boolean closed;

    /** The neighbours among the idle ones, see {@link IdleConnections}. */
    @Nullable
    UpstreamConnection above;

    @Nullable
    UpstreamConnection below;

    boolean idle;

    UpstreamConnection(
            UpstreamConnections connections,
            Upstream upstream,
            Instance connectedTo,
            Channel channel,
            StrictResponseDecoder decoder) {
        this.connections = connections;
        this.upstream = upstream;
        this.connectedTo = connectedTo;
        this.channel = channel;
        this.decoder = decoder;
    }

    /** The connection stands. */
    void opened() {
        lastActive = connections.ticker().now();
        connections.ticker().add(timeouts);
    }

    Upstream upstream() {
        return upstream;
    }

    /** Whether it leads to where the upstream is now: an instance may have moved since. */
    boolean leadsTo(Instance instance) {
        return instance.port() == connectedTo.port() && instance.address().equals(connectedTo.address());
    }

    /**
     * Begins a request.
     *
     * @param responseListener receives the response
     * @param head whether the method is HEAD
     */
    public void begin(ResponseListener responseListener, boolean head) {
        listener = responseListener;
        headReceived = false;
        untilClose = false;
        done = false;
        responseDeadline = 0;
        lastActive = connections.ticker().now();
        decoder.expect(head, responseListener::fields);
    }

    /** Writes a piece of the request, which is released then; a failure of it is reported to the listener. */
    public void write(ByteBuf bytes) {
        Channels.write(channel, bytes);
    }

    /** Sends what was written. */
    public void flush() {
        lastActive = connections.ticker().now();
        channel.flush();
    }

    /** Sends what was written; the request is complete, and its response has to begin within a time. */
    public void requestSent(long responseTimeoutNanos) {
        flush();
        if (!headReceived) {
            responseDeadline = lastActive + responseTimeoutNanos;
        }
    }

    /** A buffer for what is to be written. */
    public ByteBuf buffer(int capacity) {
        return channel.alloc().directBuffer(capacity);
    }

    /** Whether more is waiting to be sent than is good; see {@link ResponseListener#writable()}. */
    public boolean isFull() {
        return !channel.isWritable();
    }

    /** Reads no further, so that the upstream has to wait, or goes on. */
    public void setReading(boolean reading) {
        if (paused == reading) {
            paused = !reading;
            channel.config().setAutoRead(reading);
        }
    }

    /**
     * The request was sent whole and its response was heard whole: the connection may serve another request. To be
     * called from within {@link ResponseListener#end}.
     */
    public void finished() {
        listener = null;
        done = true;
    }

    /** Nothing was sent on it, and nothing will be: it may serve another request. */
    public void returnUnused() {
        keepAliveNanos = connections.options().keepAlive().toNanos();
        connections.idle(this);
    }

    /** Ends the connection, and the listener is not called any more. */
    public void close() {
        listener = null;
        closed();
    }

    private void closed() {
        if (!closed) {
            closed = true;
            connections.ticker().remove(timeouts);
            connections.closed(this);
            Channels.close(channel);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ResponseListener receiver = listener;
        if (receiver == null || (done && !tunnel)) {
            // No request is under way. Between responses this can be a server's 408 before it closes, else it is a
            // fault.
            ReferenceCountUtil.release(message);
            close();
        } else if (message instanceof ByteBuf bytes) {
            pass(bytes, receiver);
        } else if (message instanceof HttpResponse response) {
            head(response, receiver);
        } else if (message instanceof HttpContent content) {
            body(content, receiver);
        }
    }

    private static void pass(ByteBuf bytes, ResponseListener receiver) {
        if (bytes.isReadable()) {
            receiver.chunk(bytes);
        } else {
            bytes.release();
        }
    }

    private void head(HttpResponse response, ResponseListener receiver) {
        Throwable unreadable = response.decoderResult().cause();
        ResponseHead head = new ResponseHead(response);
        String flaw = head.flaw();
        int status = response.status().code();
        if (unreadable != null) {
            fail(new BadResponseException(unreadable));
        } else if (flaw != null) {
            fail(new BadResponseException(flaw));
        } else if (status == 101) {
            switched(response, receiver);
        } else if (status < 200) {
            receiver.interim(response);
        } else {
            headReceived = true;
            responseDeadline = 0;
            // RFC 9112, 6.3: only then is the end of the connection the end of the body.
            untilClose = head.isUnframed() && !decoder.isContentAlwaysEmpty(response);
            keepAliveNanos = head.keepAliveNanos(connections.options().keepAlive());
            receiver.head(response);
        }
    }

    private void switched(HttpResponse response, ResponseListener receiver) {
        headReceived = true;
        responseDeadline = 0;
        tunnel = true;
        receiver.head(response);
    }

    private void body(HttpContent content, ResponseListener receiver) {
        Throwable unreadable = content.decoderResult().cause();
        if (tunnel || !headReceived) {
            // What ends a 101 or another interim response for the decoder is not the end of anything.
            content.release();
            return;
        }
        if (unreadable != null) {
            content.release();
            fail(new BadResponseException(unreadable));
            return;
        }
        pass(content.content(), receiver);
        // The listener may have ended it while it heard of the chunk.
        if (content instanceof LastHttpContent last && listener == receiver) {
            receiver.end(last.trailingHeaders());
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        lastActive = connections.ticker().now();
        ResponseListener receiver = listener;
        if (receiver != null) {
            receiver.pauseInReading();
        } else if (done && !closed) {
            done = false;
            if (keepAliveNanos > 0 && !decoder.hasMore()) {
                setReading(true);
                connections.idle(this);
            } else {
                close();
            }
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        ResponseListener receiver = listener;
        if (receiver != null && channel.isWritable()) {
            lastActive = connections.ticker().now();
            receiver.writable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ResponseListener receiver = listener;
        if (untilClose && receiver != null) {
            closed();
            receiver.end(EmptyHttpHeaders.INSTANCE);
        } else {
            fail(new ClosedChannelException());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(cause);
    }

    private void fail(Throwable cause) {
        ResponseListener receiver = listener;
        close();
        if (receiver != null) {
            receiver.failed(cause);
        }
    }

    /** Closes what has been idle too long, and gives up what has been waited for too long. */
    private final class Timeouts extends TimeoutTicker.Watched {
        @Override
        protected void check(long now) {
            if (idle) {
                if (now - lastActive > keepAliveNanos) {
                    close();
                }
            } else if (now - lastActive > connections.options().idle().toNanos()) {
                fail(ReadTimeoutException.INSTANCE);
            } else if (responseDeadline != 0 && now - responseDeadline > 0) {
                responseTimedOut(now);
            }
        }

        private void responseTimedOut(long now) {
            ResponseListener receiver = listener;
            long more = receiver == null ? 0 : receiver.responseTimedOut();
            if (more > 0) {
                responseDeadline = now + more;
            } else if (!closed) {
                fail(ReadTimeoutException.INSTANCE);
            }
        }
    }
}
