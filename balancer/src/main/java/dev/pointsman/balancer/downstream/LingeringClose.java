package dev.pointsman.balancer.downstream;

import dev.pointsman.balancer.loop.Channels;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The end of a connection. What is left to send goes first: to end a side of a connection drops what its socket has not taken yet, and
 * a client that reads slowly would lose the end of its response. The client may be sending, too, and would lose what it was given
 * already: bytes that are left unread turn the end of a connection into a reset. So only this side of it is ended, and the other is
 * waited for, for {@link #LINGER} at the most (RFC 9112, 9.6). For one event loop.
 */
public final class LingeringClose {
    private static final long LINGER = Duration.ofSeconds(1).toNanos();

    /**
     * How long a client may take nothing of what is left for it. The system has up to 4 MiB more for it, and takes the next bytes when
     * a third of that was read.
     */
    private static final long PATIENCE = Duration.ofSeconds(60).toNanos();

    private @Nullable SocketChannel channel;
    private @Nullable ChannelHandlerContext closing;
    private long since;
    private long left;

    /**
     * Begins to linger. To be called once.
     *
     * @param context from where the connection is closed in the end
     * @param promise succeeds then
     * @param now in nanoseconds of the event loop's clock
     */
    public void begin(SocketChannel channel, ChannelHandlerContext context, ChannelPromise promise, long now) {
        this.channel = channel;
        closing = context;
        since = now;
        channel.closeFuture().addListener(closed -> promise.trySuccess());
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            // Else the client could not tell the end of what it gets from a connection that was cut (RFC 8446, 6.1).
            var unused = tls.closeOutbound();
        }
        // Behind all that was written; past the handler that waits for the end of the turn.
        ChannelPromise sent = channel.newPromise();
        channel.unsafe().write(Unpooled.EMPTY_BUFFER, sent);
        channel.unsafe().flush();
        left = unsent(channel);
        sent.addListener(written -> {
            var unused = channel.shutdownOutput();
        });
    }

    /** Ends the connection if it has lingered long enough. */
    public void check(long now) {
        SocketChannel lingering = channel;
        ChannelHandlerContext context = closing;
        if (lingering == null || context == null) {
            return;
        }
        long before = left;
        left = unsent(lingering);
        if (left != before) {
            since = now;
        }
        if (now - since > (left > 0 ? PATIENCE : LINGER)) {
            Channels.close(context);
        }
    }

    private static long unsent(SocketChannel channel) {
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        return outbound == null ? 0 : outbound.totalPendingWriteBytes();
    }
}
