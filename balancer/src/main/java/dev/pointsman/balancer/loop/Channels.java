package dev.pointsman.balancer.loop;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundInvoker;
import io.netty.channel.nio.AbstractNioChannel;

/**
 * Operations on channels whose outcome is not waited for. Nothing is lost by that: a failed write comes back through
 * the pipeline, where it ends the connection, and a channel that closes says so to its handlers.
 */
public final class Channels {
    private Channels() {}

    /** Writes a message, without sending it yet. */
    public static void write(ChannelOutboundInvoker to, Object message) {
        var unused = to.write(message, to.voidPromise());
    }

    /** Writes a message and sends it. */
    public static void writeAndFlush(ChannelOutboundInvoker to, Object message) {
        var unused = to.writeAndFlush(message, to.voidPromise());
    }

    /** Reads what has arrived on a channel, without waiting for the loop's next look at it. For the channel's loop only. */
    public static void readNow(Channel channel) {
        if (channel.isRegistered()
                && channel.config().isAutoRead()
                && channel.unsafe() instanceof AbstractNioChannel.NioUnsafe socket) {
            socket.read();
        }
    }

    /** Closes a channel. */
    public static void close(ChannelOutboundInvoker connection) {
        var unused = connection.close();
    }
}
