package dev.pointsman.balancer.upstream;

import dev.pointsman.balancer.loop.ReadTurns;
import dev.pointsman.balancer.loop.TimeoutTicker;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Instance;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to all upstreams. An idle one is used again, the youngest first; else a new one is
 * opened. There are never more of them than requests at a time, which the number of clients' connections bounds.
 */
public final class UpstreamConnections {
    private final Bootstrap bootstrap;
    private final ConnectionOptions options;
    private final TimeoutTicker ticker;
    private final ReadTurns turns;
    private final IdentityHashMap<Upstream, IdleConnections> idle = new IdentityHashMap<>();
    private final Set<UpstreamConnection> open = new HashSet<>();
    private boolean closing;

    /**
     * A set without a connection.
     *
     * @param loop the loop they live on
     * @param channels makes the kind of channel that the loop can serve
     * @param resolver for instances that registered a name instead of an address
     */
    public UpstreamConnections(
            EventLoop loop,
            ChannelFactory<? extends Channel> channels,
            AddressResolverGroup<InetSocketAddress> resolver,
            ConnectionOptions options,
            TimeoutTicker ticker,
            ReadTurns turns) {
        this.turns = turns;
        this.options = options;
        this.ticker = ticker;
        this.bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(channels)
                .resolver(resolver)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(options.connect().toMillis()))
                .option(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(options.writeBuffer() / 2, options.writeBuffer()));
    }

    /** The receiver of a connection. */
    public interface ConnectListener {
        void connected(UpstreamConnection connection);

        void notConnected(Throwable cause);
    }

    /** Gives a connection to this upstream, at once if there is an idle one. */
    public void connect(Upstream upstream, ConnectListener listener) {
        Instance instance = upstream.instance();
        UpstreamConnection ready = takeIdle(upstream, instance);
        if (ready == null) {
            open(upstream, instance, listener);
        } else {
            listener.connected(ready);
        }
    }

    /** Opens a connection that will not be given back. */
    public void open(Upstream upstream, ConnectListener listener) {
        open(upstream, upstream.instance(), listener);
    }

    private @Nullable UpstreamConnection takeIdle(Upstream upstream, Instance instance) {
        IdleConnections known = idle.get(upstream);
        UpstreamConnection ready = known == null ? null : known.pop();
        while (known != null && ready != null && !ready.leadsTo(instance)) {
            ready.close();
            ready = known.pop();
        }
        if (ready != null) {
            ready.taken();
        }
        return ready;
    }

    private void open(Upstream upstream, Instance instance, ConnectListener listener) {
        bootstrap
                .clone()
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        StrictResponseDecoder decoder = new StrictResponseDecoder(decoderConfig());
                        UpstreamConnection connection =
                                new UpstreamConnection(UpstreamConnections.this, upstream, instance, channel, decoder);
                        channel.pipeline().addLast(connection.reader(), decoder, connection);
                    }
                })
                .connect(address(instance))
                .addListener((ChannelFuture connecting) -> {
                    if (connecting.isSuccess()) {
                        UpstreamConnection connection =
                                connecting.channel().pipeline().get(UpstreamConnection.class);
                        open.add(connection);
                        connection.opened();
                        listener.connected(connection);
                    } else {
                        listener.notConnected(connecting.cause());
                    }
                });
    }

    /** The address of an instance, without a look-up for IP literals. */
    private static InetSocketAddress address(Instance instance) {
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(instance.address());
        return literal == null
                ? InetSocketAddress.createUnresolved(instance.address(), instance.port())
                : new InetSocketAddress(literal, instance.port());
    }

    private HttpDecoderConfig decoderConfig() {
        return new HttpDecoderConfig()
                .setMaxInitialLineLength(options.maxHead())
                .setMaxHeaderSize(options.maxHead())
                .setMaxChunkSize(options.chunk());
    }

    /** Keeps a connection for a later request; false if it is to be closed, as all of them are. */
    boolean keep(UpstreamConnection connection) {
        if (!closing) {
            idle.computeIfAbsent(connection.upstream(), none -> new IdleConnections())
                    .push(connection);
        }
        return !closing;
    }

    void closed(UpstreamConnection connection) {
        open.remove(connection);
        IdleConnections.Entry entry = connection.idleEntry();
        if (entry.isListed()) {
            IdleConnections known = idle.get(connection.upstream());
            if (known != null) {
                known.remove(entry);
                if (known.isEmpty()) {
                    idle.remove(connection.upstream());
                }
            }
        }
    }

    ReadTurns turns() {
        return turns;
    }

    TimeoutTicker ticker() {
        return ticker;
    }

    ConnectionOptions options() {
        return options;
    }

    /** Closes all connections. */
    public void close() {
        closing = true;
        List.copyOf(open).forEach(UpstreamConnection::close);
    }
}
