package dev.pointsman.balancer.downstream;

import dev.pointsman.balancer.loop.Channels;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The end of a connection. Its client may be sending a request, and would lose the response that it was given already:
 * bytes that are left unread turn the end of a connection into a reset. So only this side of it is ended, and the other
 * is waited for, for {@link #LINGER} at the most (RFC 9112, 9.6).
 */
public final class LingeringClose {
    private static final long LINGER = Duration.ofSeconds(1).toNanos();

    private @Nullable ChannelHandlerContext closing;
    private long since;

    /** Begins to linger. To be called once. */
    public void begin(SocketChannel channel, ChannelHandlerContext context, ChannelPromise promise, long now) {
        closing = context;
        since = now;
        channel.closeFuture().addListener(closed -> promise.trySuccess());
        var unused = channel.shutdownOutput();
    }

    /** Ends the connection if it has lingered long enough. */
    public void check(long now) {
        ChannelHandlerContext context = closing;
        if (context != null && now - since > LINGER) {
            Channels.close(context);
        }
    }
}
