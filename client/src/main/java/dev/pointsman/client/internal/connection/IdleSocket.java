package dev.pointsman.client.internal.connection;

import io.netty.channel.Channel;
import io.netty.channel.nio.AbstractNioChannel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpClientConnectionInternal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A look at a connection that is idle: whether it has carried a request before, and whether its other side has closed it, and the
 * event loop has not read that yet. A request that may be sent once only is not sent into such a connection, where nobody would know what became of it.
 *
 * <p>It takes Vert.x's internal types and Netty's NIO channels. Where another version or a native transport has others, nothing
 * is known, and the request is sent, as it would be without a look.
 */
public final class IdleSocket {
    private static final int NOTHING_TO_READ = 0;

    private IdleSocket() {}

    /** Whether a request was responded to on this connection before. */
    public static boolean isReused(HttpConnection connection) {
        try {
            return connection instanceof HttpClientConnectionInternal internal
                    && internal.lastResponseReceivedTimestamp() != 0;
        } catch (LinkageError otherVersion) {
            return false;
        }
    }

    /** Whether nothing has arrived that was not read: no byte, no end and no reset. A byte that is found is lost. */
    public static boolean isSilent(HttpConnection connection) {
        try {
            SelectableChannel socket = socketOf(connection);
            return !(socket instanceof SocketChannel open) || open.read(ByteBuffer.allocate(1)) == NOTHING_TO_READ;
        } catch (IOException reset) {
            return false;
        } catch (LinkageError otherVersion) {
            return true;
        }
    }

    private static @Nullable SelectableChannel socketOf(HttpConnection connection) {
        if (connection instanceof HttpClientConnectionInternal internal) {
            Channel channel = internal.channelHandlerContext().channel();
            if (channel.unsafe() instanceof AbstractNioChannel.NioUnsafe nio) {
                return nio.ch();
            }
        }
        return null;
    }
}
