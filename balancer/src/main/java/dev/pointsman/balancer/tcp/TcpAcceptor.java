package dev.pointsman.balancer.tcp;

import dev.pointsman.balancer.config.Listener;
import dev.pointsman.balancer.config.TcpPort;
import dev.pointsman.balancer.downstream.ConnectionLimit;
import dev.pointsman.balancer.loop.Channels;
import dev.pointsman.balancer.loop.FairReader;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.net.InetSocketAddress;

/** What becomes of a connection to a port whose connections are relayed as they are. For one event loop. */
public final class TcpAcceptor {
    private final TcpContext shared;
    private final ConnectionLimit limit;

    /**
     * What accepts on one event loop.
     *
     * @param limit shared by all loops, and by what speaks HTTP
     */
    public TcpAcceptor(TcpContext shared, ConnectionLimit limit) {
        this.shared = shared;
        this.limit = limit;
    }

    /**
     * Takes a connection over, before anything is read from it.
     *
     * @param port what is special about the port
     */
    public void accept(Channel channel, Listener listener, TcpPort port) {
        if (!limit.tryAcquire()) {
            shared.traffic().ofPort(listener.address().port()).failed(TcpFailure.TOO_MANY_CONNECTIONS);
            Channels.close(channel);
            return;
        }
        channel.closeFuture().addListener(closed -> limit.release());
        if (listener.proxyProtocol() && !isTrusted(channel)) {
            shared.traffic().ofPort(listener.address().port()).failed(TcpFailure.UNTRUSTED_PROXY);
            Channels.close(channel);
            return;
        }
        FairReader reader = new FairReader(shared.turns().reads(), channel);
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        channel.pipeline().addLast(shared.turns().flushes().handler(), reader);
        if (listener.proxyProtocol()) {
            channel.pipeline().addLast(new HAProxyMessageDecoder(true));
        }
        new TcpConnection(shared, channel, reader, listener, port).begin();
    }

    private boolean isTrusted(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress peer
                && shared.trusted().get().trusts(peer.getAddress().getHostAddress());
    }
}
