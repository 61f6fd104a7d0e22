package dev.pointsman.balancer.downstream;

import io.netty.channel.ChannelFactory;
import io.netty.channel.ServerChannel;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.transport.Transport;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The transport of the balancer's ports: NIO, with an {@link AcceptGate} before each listening socket, which can be closed
 * without a loss, as Vert.x itself cannot (see {@link AcceptingChannel}). Thread-safe.
 */
public final class AcceptingTransport extends NioTransport {
    private final List<AcceptingChannel> listening = new CopyOnWriteArrayList<>();

    private final AcceptGate gate;

    private final AtomicReference<@Nullable InheritedSocket> inherited = new AtomicReference<>();

    private AcceptingTransport(AcceptGate gate) {
        this.gate = gate;
    }

    /**
     * A Vert.x with this transport.
     *
     * @param gate is put before each port
     */
    public static Vertx vertx(VertxOptions options, AcceptGate gate) {
        AcceptingTransport transport = new AcceptingTransport(gate);
        return Vertx.builder()
                .with(options)
                .withTransport(new Described(transport))
                .build();
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        return domainSocket ? super.serverChannelFactory(true) : this::open;
    }

    private AcceptingChannel open() {
        InheritedSocket socket = inherited.getAndSet(null);
        AcceptingChannel channel = socket == null ? new AcceptingChannel() : new AcceptingChannel(socket);
        channel.pipeline().addLast(gate.handler());
        listening.add(channel);
        channel.closeFuture().addListener(closed -> listening.remove(channel));
        return channel;
    }

    /**
     * Closes the port: what the kernel has connected by then is accepted and served, and nobody can connect from then on.
     * May be called by everyone who serves the port.
     *
     * @param vertx made by {@link #vertx}; with another one nothing is done, and its server closes the port
     */
    public static Future<Void> closePort(Vertx vertx, int port) {
        return end(vertx, port, AcceptingChannel::closeEmptied);
    }

    /**
     * Has the next server that listens go on with a socket that another process has, whatever address it is given.
     *
     * @param vertx made by {@link #vertx}
     */
    public static void inherit(Vertx vertx, InheritedSocket socket) {
        ((AcceptingTransport) ((VertxInternal) vertx).transport()).inherited.set(socket);
    }

    /**
     * Leaves the port to another process that has it too: nothing is accepted here any more, and nobody is refused.
     *
     * @param vertx made by {@link #vertx}
     */
    public static Future<Void> leavePort(Vertx vertx, int port) {
        return end(vertx, port, AcceptingChannel::leave);
    }

    private static Future<Void> end(Vertx vertx, int port, Function<AcceptingChannel, CompletionStage<Void>> ending) {
        AcceptingChannel channel =
                ((VertxInternal) vertx).transport() instanceof AcceptingTransport own ? own.find(port) : null;
        return channel == null ? Future.succeededFuture() : Future.fromCompletionStage(ending.apply(channel));
    }

    private @Nullable AcceptingChannel find(int port) {
        return listening.stream()
                .filter(channel -> channel.port() == port)
                .findFirst()
                .orElse(null);
    }

    /** The transport as Vert.x wants it to be told. */
    private record Described(AcceptingTransport implementation) implements Transport {
        @Override
        public String name() {
            return "nio";
        }

        @Override
        public boolean available() {
            return true;
        }

        @Override
        public @Nullable Throwable unavailabilityCause() {
            return null;
        }
    }
}
