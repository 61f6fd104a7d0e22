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
 *   idle ─ begin ─► busy ─ answer complete and request sent ─► idle         (closed: from anywhere)
 *                    └──── 101 ─► tunnel
 * </pre>
 *
 * <p>It goes back among the idle ones only after everything that came together with the answer's end was looked at: an
 * octet too many there means that the two sides disagree about where the answer ended (RFC 9112, 6.3), and whoever used
 * the connection next would get someone else's answer.
 */
public final class UpstreamConnection extends ChannelInboundHandlerAdapter {
    private final UpstreamConnections home;
    private final Upstream upstream;
    private final Instance connectedTo;
    private final Channel channel;
    private final StrictResponseDecoder decoder;
    private final Patience patience = new Patience();

    private @Nullable ResponseListener listener;
    private long lastActive;
    private long answerDue;
    private boolean headCame;
    private boolean untilClose;
    private long keepNanos;
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
            UpstreamConnections home,
            Upstream upstream,
            Instance connectedTo,
            Channel channel,
            StrictResponseDecoder decoder) {
        this.home = home;
        this.upstream = upstream;
        this.connectedTo = connectedTo;
        this.channel = channel;
        this.decoder = decoder;
    }

    /** The connection stands. */
    void opened() {
        lastActive = home.ticker().now();
        home.ticker().add(patience);
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
     * @param answers hears of the answer
     * @param head whether the method is HEAD
     */
    public void begin(ResponseListener answers, boolean head) {
        listener = answers;
        headCame = false;
        untilClose = false;
        done = false;
        answerDue = 0;
        lastActive = home.ticker().now();
        decoder.expect(head, answers::fields);
    }

    /** Writes a piece of the request, which is released then; what went wrong with it is told to the listener. */
    public void write(ByteBuf octets) {
        Channels.write(channel, octets);
    }

    /** Sends what was written. */
    public void flush() {
        lastActive = home.ticker().now();
        channel.flush();
    }

    /** Sends what was written; the request is complete, and its answer has to begin within a time. */
    public void requestSent(long answerWithinNanos) {
        flush();
        if (!headCame) {
            answerDue = lastActive + answerWithinNanos;
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
     * The request was sent whole and its answer was heard whole: the connection may serve someone else. To be called
     * from within {@link ResponseListener#end}.
     */
    public void finished() {
        listener = null;
        done = true;
    }

    /** Nothing was sent on it, and nothing will be: it may serve someone else. */
    public void notNeeded() {
        keepNanos = home.options().keepAlive().toNanos();
        home.idle(this);
    }

    /** Ends the connection, and the listener hears nothing any more. */
    public void close() {
        listener = null;
        closed();
    }

    private void closed() {
        if (!closed) {
            closed = true;
            home.ticker().remove(patience);
            home.closed(this);
            Channels.close(channel);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ResponseListener answers = listener;
        if (answers == null || (done && !tunnel)) {
            // Nobody asked. Before the head of an answer this can be a server's word of farewell (408), else a fault.
            ReferenceCountUtil.release(message);
            close();
        } else if (message instanceof ByteBuf octets) {
            pass(octets, answers);
        } else if (message instanceof HttpResponse response) {
            head(response, answers);
        } else if (message instanceof HttpContent content) {
            body(content, answers);
        }
    }

    private static void pass(ByteBuf octets, ResponseListener answers) {
        if (octets.isReadable()) {
            answers.chunk(octets);
        } else {
            octets.release();
        }
    }

    private void head(HttpResponse response, ResponseListener answers) {
        Throwable unreadable = response.decoderResult().cause();
        ResponseHead head = new ResponseHead(response);
        String flaw = head.flaw();
        int status = response.status().code();
        if (unreadable != null) {
            fail(new BadResponseException(unreadable));
        } else if (flaw != null) {
            fail(new BadResponseException(flaw));
        } else if (status == 101) {
            switched(response, answers);
        } else if (status < 200) {
            answers.interim(response);
        } else {
            headCame = true;
            answerDue = 0;
            // RFC 9112, 6.3: only then is the end of the connection the end of the body.
            untilClose = head.isUnframed() && !decoder.isContentAlwaysEmpty(response);
            keepNanos = head.keepNanos(home.options().keepAlive());
            answers.head(response);
        }
    }

    private void switched(HttpResponse response, ResponseListener answers) {
        headCame = true;
        answerDue = 0;
        tunnel = true;
        answers.head(response);
    }

    private void body(HttpContent content, ResponseListener answers) {
        Throwable unreadable = content.decoderResult().cause();
        if (tunnel || !headCame) {
            // What ends a 101 or another interim answer for the decoder is not the end of anything.
            content.release();
            return;
        }
        if (unreadable != null) {
            content.release();
            fail(new BadResponseException(unreadable));
            return;
        }
        pass(content.content(), answers);
        // The listener may have ended it while it heard of the chunk.
        if (content instanceof LastHttpContent last && listener == answers) {
            answers.end(last.trailingHeaders());
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        lastActive = home.ticker().now();
        ResponseListener answers = listener;
        if (answers != null) {
            answers.pauseInReading();
        } else if (done && !closed) {
            done = false;
            if (keepNanos > 0 && !decoder.hasMore()) {
                setReading(true);
                home.idle(this);
            } else {
                close();
            }
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        ResponseListener answers = listener;
        if (answers != null && channel.isWritable()) {
            lastActive = home.ticker().now();
            answers.writable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ResponseListener answers = listener;
        if (untilClose && answers != null) {
            closed();
            answers.end(EmptyHttpHeaders.INSTANCE);
        } else {
            fail(new ClosedChannelException());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(cause);
    }

    private void fail(Throwable cause) {
        ResponseListener answers = listener;
        close();
        if (answers != null) {
            answers.broken(cause);
        }
    }

    /** Closes what has been idle too long, and gives up what has been waited for too long. */
    private final class Patience extends TimeoutTicker.Watched {
        @Override
        protected void check(long now) {
            if (idle) {
                if (now - lastActive > keepNanos) {
                    close();
                }
            } else if (now - lastActive > home.options().idle().toNanos()) {
                fail(ReadTimeoutException.INSTANCE);
            } else if (answerDue != 0 && now - answerDue > 0) {
                late(now);
            }
        }

        private void late(long now) {
            ResponseListener answers = listener;
            long more = answers == null ? 0 : answers.late();
            if (more > 0) {
                answerDue = now + more;
            } else if (!closed) {
                fail(ReadTimeoutException.INSTANCE);
            }
        }
    }
}
