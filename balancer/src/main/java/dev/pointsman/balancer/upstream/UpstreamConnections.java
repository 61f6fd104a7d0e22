package dev.pointsman.balancer.upstream;

import dev.pointsman.balancer.loop.LoopCallbacks;
import dev.pointsman.balancer.loop.LoopTurns;
import dev.pointsman.balancer.loop.TimeoutTicker;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Instance;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.NetUtil;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to all upstreams. An idle one is used again, the youngest first; else a new one is
 * opened. There are never more busy ones than requests at a time, which the number of clients' connections bounds; idle ones
 * are closed where the {@link UpstreamRoom} is too small for them.
 *
 * <p>Every callback is called on the loop, also where the failure to open a connection is reported on another thread.
 */
public final class UpstreamConnections {
    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private ConnectionOptions options;
    private final TimeoutTicker ticker;
    private final LoopTurns turns;
    private final UpstreamRoom room;

    /** The upstreams that a connection was once established to. */
    private final Set<Upstream> reached = Collections.newSetFromMap(new WeakHashMap<>());

    private final IdentityHashMap<Upstream, IdleConnections> idle = new IdentityHashMap<>();
    private final Set<UpstreamConnection> open = new HashSet<>();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(1);
    private boolean closing;

    /**
     * A set without a connection.
     *
     * @param loop the loop they live on, of the kind that serves NIO channels
     * @param resolver for instances that registered a name instead of an address
     * @param room shared by all loops
     */
    public UpstreamConnections(
            EventLoop loop,
            AddressResolverGroup<InetSocketAddress> resolver,
            ConnectionOptions options,
            TimeoutTicker ticker,
            LoopTurns turns,
            UpstreamRoom room) {
        this.loop = loop;
        this.turns = turns;
        this.options = options;
        this.ticker = ticker;
        this.room = room;
        room.join(this);
        this.bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(room::newSocket)
                .resolver(resolver)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(options.writeBuffer() / 2, options.writeBuffer()));
        apply(options);
    }

    /** Puts other timeouts in force, for the connections that are opened from now on. */
    public void apply(ConnectionOptions next) {
        options = next;
        bootstrap.option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                Math.toIntExact(next.connect().toMillis()));
    }

    /** The receiver of a connection. Called on the loop. */
    public interface ConnectListener {
        void connected(UpstreamConnection connection);

        /**
         * Called when there is no connection.
         *
         * @param cause a {@link NoChannelException} or {@link NoLocalPortException} where it is this process that falls short
         */
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
        if (!room.enter() && !closeOneIdle()) {
            room.askOthers(this);
        }
        open(upstream, instance, listener, Try.FIRST);
    }

    private void open(Upstream upstream, Instance instance, ConnectListener listener, Try which) {
        Opening opening = new Opening(upstream, instance);
        ChannelFuture connect = bootstrap.clone().handler(opening).connect(address(instance));
        LoopCallbacks.whenDone(connect, loop, connecting -> {
            UpstreamConnection made = opening.made;
            Throwable cause = connecting.cause();
            if (cause == null && made != null) {
                open.add(made);
                reached.add(upstream);
                made.opened();
                listener.connected(made);
            } else if (made == null && which == Try.FIRST && closeOneIdle()) {
                LoopCallbacks.afterNextTurn(loop, () -> open(upstream, instance, listener, Try.SECOND));
            } else {
                room.exit();
                listener.notConnected(explain(cause, made == null, upstream));
            }
        });
    }

    /** Tells a shortage of this process's own from a failure of the upstream's. */
    private Throwable explain(@Nullable Throwable cause, boolean noChannel, Upstream upstream) {
        if (cause == null) {
            return new ClosedChannelException();
        }
        if (noChannel || NoChannelException.isShortage(cause)) {
            return new NoChannelException(cause);
        }
        return cause instanceof BindException && reached.contains(upstream) ? new NoLocalPortException(cause) : cause;
    }

    /** Which try to open one connection it is: where descriptors are short, an idle connection is closed for a second one. */
    private enum Try {
        FIRST,
        SECOND
    }

    /** A connection on its way. What fails before its channel was made and registered is no fault of the upstream's. */
    private final class Opening extends ChannelInitializer<UpstreamSocket> {
        private final Upstream upstream;
        private final Instance instance;
        private volatile @Nullable UpstreamConnection made;

        Opening(Upstream upstream, Instance instance) {
            this.upstream = upstream;
            this.instance = instance;
        }

        @Override
        protected void initChannel(UpstreamSocket channel) {
            UpstreamConnection connection =
                    new UpstreamConnection(UpstreamConnections.this, upstream, instance, channel);
            connection.install();
            made = connection;
        }
    }

    /** The address of an instance, without a look-up for IP literals. */
    private static InetSocketAddress address(Instance instance) {
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(instance.address());
        return literal == null
                ? InetSocketAddress.createUnresolved(instance.address(), instance.port())
                : new InetSocketAddress(literal, instance.port());
    }

    HttpDecoderConfig decoderConfig() {
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
        if (open.remove(connection)) {
            if (room.isTight() && !loop.isShuttingDown()) {
                LoopCallbacks.afterNextTurn(loop, room::exit);
            } else {
                room.exit();
            }
        }
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

    /** The room for a byte that must not be there, see {@link UpstreamSocket#isSilent}. */
    ByteBuffer scratch() {
        return scratch;
    }

    /** Closes an idle connection, if there is one, so that another one may be opened. */
    boolean closeOneIdle() {
        for (IdleConnections known : idle.values()) {
            UpstreamConnection unused = known.pop();
            if (unused != null) {
                unused.close();
                return true;
            }
        }
        return false;
    }

    EventLoop loop() {
        return loop;
    }

    LoopTurns turns() {
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
        room.leave(this);
        List.copyOf(open).forEach(UpstreamConnection::close);
    }
}
