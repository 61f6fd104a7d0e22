package dev.pointsman.balancer.downstream;

import io.netty.channel.ChannelException;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listening socket that can be closed without a reset for clients that were connected already. The kernel connects
 * clients on its own and keeps them in a queue; what is in that queue when the socket closes gets a reset, with the
 * request that it may have sent. Therefore the queue is emptied in the very moment before the close.
 *
 * <p>What is accepted at the end is handed on only after the close: a client that waits for its response does not
 * connect once more meanwhile, and so connections stop coming in the instants that lie between the last look into the
 * queue and the close.
 */
final class AcceptingChannel extends NioServerSocketChannel {
    private static final Logger log = LoggerFactory.getLogger(AcceptingChannel.class);

    /** The time without a new connection after which the socket is closed. */
    private static final long QUIET = Duration.ofMillis(10).toNanos();

    /** The longest time for which accepted connections are held back. */
    private static final long LONGEST = Duration.ofMillis(100).toNanos();

    /** After so many calls the JVM compiles a method. */
    private static final int REHEARSALS = 250;

    private static final long BETWEEN_LOOKS = Duration.ofMillis(1).toNanos();

    private final @Nullable SocketAddress inherited;
    private final List<SocketChannel> held = new ArrayList<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private boolean closing;

    /** One that opens a socket of its own. */
    AcceptingChannel() {
        this.inherited = null;
    }

    /** One that goes on with a socket that another process has listened on until now. */
    AcceptingChannel(InheritedSocket socket) {
        super(socket.channel());
        this.inherited = socket.address();
    }

    /** An inherited socket is bound already. */
    @Override
    protected void doBind(SocketAddress address) throws Exception {
        if (inherited == null) {
            super.doBind(address);
        }
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return inherited == null ? super.localAddress0() : inherited;
    }

    /** The port that is listened on, or -1. */
    int port() {
        InetSocketAddress bound = localAddress();
        return bound == null ? -1 : bound.getPort();
    }

    /**
     * Closes the socket as the class describes. May be called on any thread, and again.
     *
     * @return completes when it is closed and every connection is on its way to its event loop; never fails
     */
    CompletionStage<Void> closeEmptied() {
        eventLoop().execute(() -> {
            if (!closing) {
                closing = true;
                rehearse();
                // While a selector knows the socket, the JDK would close it only in the selector's next round.
                deregister().addListener(left -> look(System.nanoTime(), System.nanoTime()));
            }
        });
        return closed;
    }

    /**
     * Closes this process's share of the socket, on which another process accepts by now: what waits in the queue is left to
     * that one. May be called on any thread, and again.
     *
     * @return completes when nothing is accepted here any more; never fails
     */
    CompletionStage<Void> leave() {
        eventLoop().execute(() -> {
            if (!closing) {
                closing = true;
                // The kernel would go on telling this process of clients, for as long as the other one has the socket
                // open.
                deregister().addListener(left -> closeWhenUnregistered());
            }
        });
        return closed;
    }

    /**
     * Closes the socket at once. May be called on any thread, and again.
     *
     * @return completes when it is closed; never fails
     */
    CompletionStage<Void> closeNow() {
        close().addListener(done -> closed.complete(null));
        return closed;
    }

    private void closeWhenUnregistered() {
        if (javaChannel().isRegistered()) {
            var unused = eventLoop().schedule(this::closeWhenUnregistered, BETWEEN_LOOKS, TimeUnit.NANOSECONDS);
        } else {
            close().addListener(done -> closed.complete(null));
        }
    }

    private void look(long since, long newest) {
        long now = System.nanoTime();
        long last = acceptAll() > 0 ? now : newest;
        boolean wait = now - last < QUIET && now - since < LONGEST;
        if (isOpen() && (wait || javaChannel().isRegistered())) {
            var unused = eventLoop().schedule(() -> look(since, last), BETWEEN_LOOKS, TimeUnit.NANOSECONDS);
        } else {
            closeAndHandOn();
        }
    }

    private void closeAndHandOn() {
        try {
            emptyAndClose(javaChannel(), held);
        } catch (IOException broken) {
            log.warn("the port for clients was not closed in order: {}", broken.toString());
        }
        held.forEach(this::handOn);
        held.clear();
        close().addListener(done -> closed.complete(null));
    }

    private void handOn(SocketChannel client) {
        try {
            pipeline().fireChannelRead(new NioSocketChannel(this, client));
        } catch (ChannelException unusable) {
            log.warn("a client that was accepted last cannot be served: {}", unusable.toString());
        }
    }

    /** Nothing may come between the last look and the close. */
    private static void emptyAndClose(ServerSocketChannel socket, List<SocketChannel> accepted) throws IOException {
        accept(socket, accepted);
        socket.close();
    }

    private static void accept(ServerSocketChannel socket, List<SocketChannel> accepted) throws IOException {
        for (SocketChannel client = socket.accept(); client != null; client = socket.accept()) {
            accepted.add(client);
        }
    }

    /**
     * Does the same with other sockets, on which nobody connects, so that its code is loaded and compiled when it counts:
     * the first time it takes a hundred times as long, and clients connect meanwhile.
     */
    private static void rehearse() {
        try {
            for (int i = 0; i < REHEARSALS; i++) {
                ServerSocketChannel socket = ServerSocketChannel.open();
                socket.configureBlocking(false);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                emptyAndClose(socket, new ArrayList<>());
            }
        } catch (IOException impossible) {
            log.debug("closing the port was not rehearsed", impossible);
        }
    }

    private int acceptAll() {
        int before = held.size();
        try {
            if (isOpen()) {
                accept(javaChannel(), held);
            }
        } catch (IOException refused) {
            log.warn("a client that waits for its connection to be accepted was not accepted: {}", refused.toString());
        }
        return held.size() - before;
    }
}
