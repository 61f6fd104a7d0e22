package dev.pointsman.balancer.tcp;

import dev.pointsman.balancer.config.TrustedProxies;
import dev.pointsman.balancer.downstream.ClientAddress;
import dev.pointsman.balancer.loop.Channels;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The reader of a header of the PROXY protocol that comes before HTTP. Whoever is no trusted proxy is refused: else anybody could
 * say to be anybody.
 */
public final class ProxyHeaderReader extends ChannelInboundHandlerAdapter {
    private final TcpMeter counts;
    private final ScheduledFuture<?> timeout;
    private final Runnable then;

    private ProxyHeaderReader(Channel channel, TcpMeter counts, Duration time, Runnable then) {
        this.counts = counts;
        this.then = then;
        this.timeout = channel.eventLoop().schedule(() -> refuse(channel), time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Reads the header, or refuses the connection.
     *
     * @param counts takes the failures
     * @param time for the header to be complete
     * @param then called when the client's address is known, to add who reads what follows
     */
    public static void begin(Channel channel, TrustedProxies trusted, TcpMeter counts, Duration time, Runnable then) {
        boolean isTrusted = channel.remoteAddress() instanceof InetSocketAddress peer
                && trusted.trusts(peer.getAddress().getHostAddress());
        if (!isTrusted) {
            counts.failed(TcpFailure.UNTRUSTED_PROXY);
            Channels.close(channel);
            return;
        }
        channel.pipeline().addLast(new HAProxyMessageDecoder(true), new ProxyHeaderReader(channel, counts, time, then));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof HAProxyMessage header)) {
            ReferenceCountUtil.release(message);
            return;
        }
        timeout.cancel(false);
        boolean isOfClient = header.command() == HAProxyCommand.PROXY;
        String source = isOfClient ? header.sourceAddress() : null;
        InetAddress literal = source == null ? null : NetUtil.createInetAddressFromIpAddressString(source);
        if (literal != null) {
            ClientAddress.tell(context.channel(), new InetSocketAddress(literal, header.sourcePort()));
        } else if (isOfClient) {
            ClientAddress.tellUnknown(context.channel());
        }
        header.release();
        context.pipeline().remove(this);
        then.run();
    }

    private void refuse(Channel channel) {
        if (channel.isOpen()) {
            counts.failed(TcpFailure.BAD_PROXY_HEADER);
            Channels.close(channel);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        timeout.cancel(false);
        refuse(context.channel());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        timeout.cancel(false);
        context.fireChannelInactive();
    }
}
