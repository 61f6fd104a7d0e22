package dev.pointsman.balancer.downstream;

import dev.pointsman.balancer.config.ListenAddress;
import dev.pointsman.balancer.config.Listener;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The ports that clients connect to. One thread accepts, and gives each connection to the next event loop in turn, where it stays.
 * Thread-safe.
 */
public final class ClientPorts {
    private static final int BACKLOG = 8192;

    private final VertxInternal vertx;
    private final AcceptGate gate;
    private final List<Worker> workers = new CopyOnWriteArrayList<>();
    private final List<AcceptingChannel> open = new CopyOnWriteArrayList<>();

    /** An event loop that serves connections. */
    private record Worker(EventLoop loop, BiConsumer<Channel, Listener> serve) {}

    /**
     * No port yet.
     *
     * @param vertx whose thread accepts
     * @param gate is put before each port
     */
    public ClientPorts(Vertx vertx, AcceptGate gate) {
        this.vertx = (VertxInternal) vertx;
        this.gate = gate;
    }

    /**
     * Has an event loop serve its share of the connections that are accepted from now on.
     *
     * @param serve gets each, on the loop, before anything is read from it, and the port that it came to
     */
    public void join(EventLoop loop, BiConsumer<Channel, Listener> serve) {
        workers.add(new Worker(loop, serve));
    }

    /**
     * Opens ports; where one of them cannot be opened none is.
     *
     * @param inherited the sockets of those that another process has already
     */
    public Future<Void> open(List<Listener> listeners, Map<Listener, InheritedSocket> inherited) {
        Future<Void> opened = Future.succeededFuture();
        for (Listener listener : listeners) {
            opened = opened.compose(before -> open(listener, inherited.get(listener)));
        }
        return opened.recover(cause -> end(AcceptingChannel::closeNow).transform(closed -> Future.failedFuture(cause)));
    }

    private Future<Void> open(Listener listener, @Nullable InheritedSocket inherited) {
        AcceptingChannel port = inherited == null ? new AcceptingChannel() : new AcceptingChannel(inherited);
        port.config().setBacklog(BACKLOG);
        port.config().setOption(ChannelOption.SO_REUSEADDR, true);
        port.pipeline().addLast(gate.handler(), new HandingOut(listener));
        ListenAddress where = listener.address();
        return vertx.nameResolver()
                .resolve(where.host())
                .compose(host -> bind(port, new InetSocketAddress(host, where.port())));
    }

    private Future<Void> bind(AcceptingChannel port, InetSocketAddress where) {
        Promise<Void> bound = Promise.promise();
        ChannelFutureListener binding = done -> {
            if (done.isSuccess()) {
                open.add(port);
                bound.complete();
            } else {
                port.unsafe().closeForcibly();
                bound.fail(done.cause());
            }
        };
        vertx.acceptorEventLoopGroup().register(port).addListener((ChannelFutureListener) registered -> {
            if (registered.isSuccess()) {
                port.bind(where).addListener(binding);
            } else {
                bound.fail(registered.cause());
            }
        });
        return bound.future();
    }

    /** The numbers of the open ports, in the order in which they were opened. */
    public List<Integer> numbers() {
        return open.stream().map(AcceptingChannel::port).toList();
    }

    /**
     * Closes the ports: what the kernel has connected by then is accepted and served, and nobody can connect from then on. May be
     * called again.
     */
    public Future<Void> closeEmptied() {
        return end(AcceptingChannel::closeEmptied);
    }

    /** Leaves the ports to another process that has them too: nothing is accepted here any more, and nobody is refused. */
    public Future<Void> leave() {
        return end(AcceptingChannel::leave);
    }

    /** Closes the ports at once. */
    public Future<Void> close() {
        return end(AcceptingChannel::closeNow);
    }

    private Future<Void> end(Function<AcceptingChannel, CompletionStage<Void>> ending) {
        return Future.join(open.stream()
                        .map(port -> Future.fromCompletionStage(ending.apply(port)))
                        .toList())
                .mapEmpty();
    }

    /** Gives what is accepted on one port to the event loops. For the thread that accepts. */
    private final class HandingOut extends ChannelInboundHandlerAdapter {
        private final Listener listener;
        private int next;

        HandingOut(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object accepted) {
            Channel client = (Channel) accepted;
            Worker worker = workers.get(next++ % workers.size());
            if (next == workers.size()) {
                next = 0;
            }
            client.config().setOption(ChannelOption.TCP_NODELAY, true);
            client.pipeline().addLast(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    worker.serve.accept(channel, listener);
                }
            });
            worker.loop.register(client).addListener((ChannelFutureListener) registered -> {
                if (!registered.isSuccess()) {
                    client.unsafe().closeForcibly();
                }
            });
        }
    }
}
