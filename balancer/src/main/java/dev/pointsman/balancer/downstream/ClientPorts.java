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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
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
    private final List<OpenPort> open = new CopyOnWriteArrayList<>();
    private volatile boolean ended;

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
     * @param inherited the sockets of those that another process has already, by their addresses
     */
    public Future<Void> open(List<Listener> listeners, Map<ListenAddress, InheritedSocket> inherited) {
        return prepare(listeners, inherited).compose(PortChange::commit);
    }

    /**
     * Has other listeners, once that is said: those that are new are bound, and wait for it; nothing else has changed yet. Fails with a
     * {@link PortNotOpenedException}.
     */
    public Future<PortChange> change(List<Listener> listeners) {
        return prepare(listeners, Map.of());
    }

    private Future<PortChange> prepare(List<Listener> listeners, Map<ListenAddress, InheritedSocket> inherited) {
        PortChange change = new PortChange(open);
        Future<Void> bound = Future.succeededFuture();
        for (Listener listener : listeners) {
            if (!change.keeps(listener)) {
                bound = bound.compose(before -> bind(listener, inherited.get(listener.address()))
                        .onSuccess(change::add)
                        .mapEmpty());
            }
        }
        return bound.map(change).recover(cause -> change.abandon().transform(abandoned -> Future.failedFuture(cause)));
    }

    private Future<OpenPort> bind(Listener listener, @Nullable InheritedSocket inherited) {
        AcceptingChannel channel = inherited == null ? new AcceptingChannel() : new AcceptingChannel(inherited);
        channel.config().setBacklog(BACKLOG);
        channel.config().setOption(ChannelOption.SO_REUSEADDR, true);
        // Nobody is accepted before all is ready for it.
        channel.config().setAutoRead(false);
        OpenPort port = new OpenPort(channel, listener);
        channel.pipeline().addLast(gate.handler(), new HandingOut(port));
        ListenAddress where = listener.address();
        return vertx.nameResolver()
                .resolve(where.host())
                .compose(host -> bind(channel, new InetSocketAddress(host, where.port())))
                .map(port)
                .recover(cause -> Future.failedFuture(new PortNotOpenedException(listener, cause)));
    }

    private Future<Void> bind(AcceptingChannel channel, InetSocketAddress where) {
        Promise<Void> bound = Promise.promise();
        ChannelFutureListener binding = done -> {
            if (done.isSuccess()) {
                bound.complete();
            } else {
                channel.unsafe().closeForcibly();
                bound.fail(done.cause());
            }
        };
        vertx.acceptorEventLoopGroup().register(channel).addListener((ChannelFutureListener) registered -> {
            if (registered.isSuccess()) {
                channel.bind(where).addListener(binding);
            } else {
                bound.fail(registered.cause());
            }
        });
        return bound.future();
    }

    /** A port, and what is configured of it. */
    private static final class OpenPort {
        private final AcceptingChannel channel;
        private volatile Listener listener;

        OpenPort(AcceptingChannel channel, Listener listener) {
            this.channel = channel;
            this.listener = listener;
        }
    }

    /** Other listeners than there are, not in force yet. For one of {@link #commit} and {@link #abandon}. */
    public final class PortChange {
        private final List<OpenPort> others;
        private final Map<OpenPort, Listener> kept = new LinkedHashMap<>();
        private final List<OpenPort> fresh = new CopyOnWriteArrayList<>();

        private PortChange(List<OpenPort> before) {
            this.others = new ArrayList<>(before);
        }

        /** Keeps a port that is open; false if there is none at this address. */
        private boolean keeps(Listener listener) {
            Optional<OpenPort> there = others.stream()
                    .filter(port -> port.listener.address().equals(listener.address())
                            && (port.listener.tcp() == null) == (listener.tcp() == null))
                    .findFirst();
            there.ifPresent(port -> {
                others.remove(port);
                kept.put(port, listener);
            });
            return there.isPresent();
        }

        private void add(OpenPort port) {
            fresh.add(port);
        }

        /** Accepts on what is new, and closes, as {@link #closeEmptied} does, what is not wanted any more. */
        public Future<Void> commit() {
            if (ended) {
                return abandon();
            }
            kept.forEach((port, listener) -> port.listener = listener);
            open.addAll(fresh);
            open.removeAll(others);
            fresh.forEach(port -> port.channel.config().setAutoRead(true));
            return closed(others, AcceptingChannel::closeEmptied);
        }

        /** Closes what is new. */
        public Future<Void> abandon() {
            return closed(fresh, AcceptingChannel::closeNow);
        }
    }

    /** Where clients are served, with the numbers of the ports, in the order in which they were opened. */
    public List<ListenAddress> addresses() {
        return open.stream().map(ClientPorts::address).toList();
    }

    private static ListenAddress address(OpenPort port) {
        return new ListenAddress(port.listener.address().host(), port.channel.port());
    }

    /**
     * Closes the ports: what the kernel has connected by then is accepted and served, and nobody can connect from then on. May be
     * called again.
     */
    public Future<Void> closeEmptied() {
        return end(AcceptingChannel::closeEmptied);
    }

    /**
     * Leaves ports to another process that has them too: nothing is accepted here any more, and nobody is refused. The others are closed as
     * by {@link #closeEmptied}.
     *
     * @param taken those that the other process has, as {@link #addresses} names them
     */
    public Future<Void> leave(Predicate<ListenAddress> taken) {
        ended = true;
        return Future.join(open.stream()
                        .map(port -> taken.test(address(port)) ? port.channel.leave() : port.channel.closeEmptied())
                        .map(Future::fromCompletionStage)
                        .toList())
                .mapEmpty();
    }

    /** Closes the ports at once. */
    public Future<Void> close() {
        return end(AcceptingChannel::closeNow);
    }

    private Future<Void> end(Function<AcceptingChannel, CompletionStage<Void>> ending) {
        ended = true;
        return closed(open, ending);
    }

    private static Future<Void> closed(List<OpenPort> ports, Function<AcceptingChannel, CompletionStage<Void>> ending) {
        return Future.join(ports.stream()
                        .map(port -> Future.fromCompletionStage(ending.apply(port.channel)))
                        .toList())
                .mapEmpty();
    }

    /** Gives what is accepted on one port to the event loops. For the thread that accepts. */
    private final class HandingOut extends ChannelInboundHandlerAdapter {
        private final OpenPort port;
        private int next;

        HandingOut(OpenPort port) {
            this.port = port;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object accepted) {
            Channel client = (Channel) accepted;
            Worker worker = workers.get(next++ % workers.size());
            if (next == workers.size()) {
                next = 0;
            }
            Listener listener = port.listener;
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
