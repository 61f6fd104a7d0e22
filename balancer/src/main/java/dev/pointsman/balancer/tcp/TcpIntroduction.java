package dev.pointsman.balancer.tcp;

import dev.pointsman.balancer.config.Listener;
import dev.pointsman.balancer.config.TcpPort;
import dev.pointsman.pool.RequestFacts;
import io.netty.channel.Channel;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a client's connection says before the bytes that are relayed: who the client is, in a header of the PROXY protocol, and the
 * name that it asks for, in a ClientHello; on most ports neither. For one event loop.
 */
final class TcpIntroduction implements RequestFacts {
    private final Runnable then;
    private boolean awaitsProxy;
    private boolean awaitsName;
    private @Nullable String name;
    private @Nullable InetSocketAddress source;
    private @Nullable InetSocketAddress destination;

    /** @param then called when one of the two that were awaited has come */
    TcpIntroduction(Channel client, Listener listener, TcpPort port, Runnable then) {
        this.then = then;
        this.awaitsProxy = listener.proxyProtocol();
        this.awaitsName = port.passthrough();
        this.source = client.remoteAddress() instanceof InetSocketAddress inet ? inet : null;
        this.destination = client.localAddress() instanceof InetSocketAddress inet ? inet : null;
    }

    /** Begins to look for the name, if there has to be one. */
    void begin(Channel client, Duration headTimeout) {
        if (awaitsName) {
            client.pipeline().addLast(new ServerNameReader(headTimeout.toMillis(), this::named));
        }
    }

    /** Takes what was read and is no bytes: the header. */
    void take(Object message) {
        if (message instanceof HAProxyMessage header) {
            if (header.command() == HAProxyCommand.PROXY) {
                source = address(header.sourceAddress(), header.sourcePort(), source);
                destination = address(header.destinationAddress(), header.destinationPort(), destination);
            }
            header.release();
            awaitsProxy = false;
            then.run();
        }
    }

    private static @Nullable InetSocketAddress address(
            @Nullable String text, int port, @Nullable InetSocketAddress otherwise) {
        InetAddress literal = text == null ? null : NetUtil.createInetAddressFromIpAddressString(text);
        return literal == null ? otherwise : new InetSocketAddress(literal, port);
    }

    private void named(@Nullable String asked) {
        awaitsName = false;
        name = asked == null || asked.isEmpty() ? null : asked;
        then.run();
    }

    /** What is wrong with the connection if it breaks, or does not go on, before all was said; null if all was. */
    @Nullable
    TcpFailure missing() {
        if (awaitsProxy) {
            return TcpFailure.BAD_PROXY_HEADER;
        }
        return awaitsName ? TcpFailure.BAD_CLIENT_HELLO : null;
    }

    /** The name that the client asks for by SNI; null for none. */
    @Nullable
    String name() {
        return name;
    }

    /** The client's address; null where it is not known. */
    @Nullable
    InetSocketAddress source() {
        return source;
    }

    /** The address that the client connected to; null where it is not known. */
    @Nullable
    InetSocketAddress destination() {
        return destination;
    }

    @Override
    public @Nullable String clientAddress() {
        InetSocketAddress known = source;
        return known == null ? null : known.getAddress().getHostAddress();
    }
}
