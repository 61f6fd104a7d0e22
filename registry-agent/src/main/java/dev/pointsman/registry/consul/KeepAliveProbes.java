package dev.pointsman.registry.consul;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpClientConnectionInternal;
import java.net.SocketOption;
import java.util.Map;
import jdk.net.ExtendedSocketOptions;

/**
 * TCP's own keep-alive probes, often enough that the kernel notices within {@value #IDLE_SECONDS} + {@value #PROBES} s that the packets
 * of a connection go nowhere, while the query on it may wait for longer. By default they begin after two hours. Where the system does
 * not know these options, the query's own timeout is left.
 */
final class KeepAliveProbes {
    static final int IDLE_SECONDS = 5;
    static final int PROBES = 3;

    private static final Map<SocketOption<Integer>, Integer> OPTIONS = Map.of(
            ExtendedSocketOptions.TCP_KEEPIDLE,
            IDLE_SECONDS,
            ExtendedSocketOptions.TCP_KEEPINTERVAL,
            1,
            ExtendedSocketOptions.TCP_KEEPCOUNT,
            PROBES);

    private KeepAliveProbes() {}

    /** Has the kernel probe a connection; whether it is going to. */
    static boolean begin(HttpConnection connection) {
        try {
            if (connection instanceof HttpClientConnectionInternal internal) {
                return begin(internal.channelHandlerContext().channel());
            }
        } catch (LinkageError | ChannelException otherVersion) {
            // Another version of Vert.x has the connection elsewhere, or it is closed already.
        }
        return false;
    }

    private static boolean begin(Channel channel) {
        boolean all = channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
        for (Map.Entry<SocketOption<Integer>, Integer> option : OPTIONS.entrySet()) {
            all &= channel.config().setOption(NioChannelOption.of(option.getKey()), option.getValue());
        }
        return all;
    }
}
