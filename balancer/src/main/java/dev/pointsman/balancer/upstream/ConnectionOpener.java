package dev.pointsman.balancer.upstream;

import dev.pointsman.balancer.http.UpstreamTransport;
import dev.pointsman.balancer.loop.LoopCallbacks;
import dev.pointsman.balancer.loop.LoopTurns;
import dev.pointsman.balancer.loop.TimeoutTicker;
import dev.pointsman.balancer.tls.TlsFailedException;
import dev.pointsman.balancer.tls.UpstreamTls;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Instance;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The opener of one event loop's connections to upstreams, and what those have in common. There are never more busy ones than
 * requests at a time, which the number of clients' connections bounds; idle ones are closed where the {@link UpstreamRoom} is
 * too small for them.
 *
 * <p>Every callback is called on the loop, also where the failure to open a connection is reported on another thread.
 */
public final class ConnectionOpener {
    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private ConnectionOptions options;
    private UpstreamTls tls = UpstreamTls.OF_JDK;
    private final TimeoutTicker ticker;
    private final LoopTurns turns;
    private final UpstreamRoom room;

    /** Those who may have idle connections to close. */
    private final List<StreamSource> sources = new ArrayList<>(2);

    /** The upstreams that a connection was once established to. */
    private final Set<Upstream> reached = Collections.newSetFromMap(new WeakHashMap<>());

    /**
     * An opener that has opened nothing yet.
     *
     * @param loop the loop they live on, of the kind that serves NIO channels
     * @param resolver for instances that registered a name instead of an address
     * @param room shared by all loops
     */
    public ConnectionOpener(
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

    /** Secures connections over TLS by other means, from now on. */
    public void secure(UpstreamTls next) {
        // Where nothing changes, sessions that are known go on.
        tls = next.isAs(tls) ? tls : next;
    }

    /** What connections over TLS are secured by from now on. */
    public UpstreamTls tls() {
        return tls;
    }

    /** Has a source asked for an idle connection where room for another one is needed. */
    public void serve(StreamSource source) {
        sources.add(source);
    }

    /**
     * The maker of connections of one kind.
     *
     * @param <C> the kind
     */
    @FunctionalInterface
    public interface ConnectionMaker<C> {
        /** Makes a connection of a channel that is about to connect, and adds its handlers to it. */
        C make(Upstream upstream, Instance instance, UpstreamSocket channel);
    }

    /**
     * The receiver of a connection.
     *
     * @param <C> its kind
     */
    public interface OpenListener<C> {
        /** Called when the connection stands. */
        void opened(C connection);

        /** Called when it does not, with a cause as in {@link StreamListener#notConnected}. */
        void notOpened(Throwable cause);
    }

    /**
     * Opens a connection; {@link #closed} is to be called when it has ended.
     *
     * @param transport how the upstream is spoken to
     * @param alpn the protocols that are offered over TLS, the best first
     */
    public <C> void open(
            Upstream upstream,
            UpstreamTransport transport,
            List<String> alpn,
            ConnectionMaker<C> maker,
            OpenListener<C> listener) {
        if (!room.enter() && !closeOneIdle()) {
            room.askOthers(this);
        }
        open(new OpeningConnection<>(this, upstream, transport, alpn, maker), listener, Try.FIRST);
    }

    private <C> void open(OpeningConnection<C> opening, OpenListener<C> listener, Try which) {
        ChannelFuture connect = bootstrap.clone().handler(opening).connect(address(opening.instance()));
        LoopCallbacks.whenDone(connect, loop, connecting -> {
            C made = opening.made();
            Throwable cause = connecting.cause();
            if (cause == null && made != null) {
                reached.add(opening.upstream());
                afterHandshake(made, opening.handler(), listener);
            } else if (made == null && which == Try.FIRST && closeOneIdle()) {
                LoopCallbacks.afterNextTurn(loop, () -> open(opening, listener, Try.SECOND));
            } else {
                room.exit();
                listener.notOpened(explain(cause, made == null, opening.upstream()));
            }
        });
    }

    private <C> void afterHandshake(C made, @Nullable InstanceTlsHandler handler, OpenListener<C> listener) {
        if (handler == null) {
            listener.opened(made);
            return;
        }
        LoopCallbacks.whenDone(handler.handshakeFuture(), loop, handshake -> {
            Throwable cause = handshake.cause();
            if (cause == null) {
                listener.opened(made);
            } else {
                room.exit();
                listener.notOpened(ofHandshake(cause));
            }
        });
    }

    private static IOException ofHandshake(Throwable cause) {
        if (cause instanceof SslHandshakeTimeoutException) {
            return new ConnectTimeoutException("no TLS handshake in time");
        }
        return TlsFailedException.of(cause);
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

    /** The address of an instance, without a look-up for IP literals. */
    private static InetSocketAddress address(Instance instance) {
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(instance.address());
        return literal == null
                ? InetSocketAddress.createUnresolved(instance.address(), instance.port())
                : new InetSocketAddress(literal, instance.port());
    }

    /** Counts a connection that has ended. */
    public void closed() {
        if (room.isTight() && !loop.isShuttingDown()) {
            LoopCallbacks.afterNextTurn(loop, room::exit);
        } else {
            room.exit();
        }
    }

    /** Closes an idle connection of any source, if there is one. */
    boolean closeOneIdle() {
        return sources.stream().anyMatch(StreamSource::closeOneIdle);
    }

    /** Opens no more for others' sake: their loop ends. */
    void close() {
        room.leave(this);
    }

    /** The loop that all connections live on. */
    public EventLoop loop() {
        return loop;
    }

    /** How they share the loop's turns. */
    public LoopTurns turns() {
        return turns;
    }

    /** What checks their timeouts. */
    public TimeoutTicker ticker() {
        return ticker;
    }

    /** The timeouts and sizes in force for new ones. */
    public ConnectionOptions options() {
        return options;
    }
}
