package dev.pointsman.balancer.warmup;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The load of the warm-up: a service, and clients that ask it by way of a proxy as fast as they get responses; on
 * loopback, a thread for each connection. With plain blocking sockets, because what is to be compiled for the data
 * plane's own use of Netty must not learn from another. Thread-safe.
 */
public final class SyntheticLoad implements Closeable {
    /** As many that an event loop finds several of them waiting whenever it looks, as it will under load. */
    private static final int CLIENTS = 16;

    /** So few that connections are made and ended often, on both sides. */
    private static final int EXCHANGES_PER_CONNECTION = 50;

    /** No client waits longer for anything; a rehearsal is not worth a start that hangs. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ServerSocket service;
    private final AtomicInteger playing = new AtomicInteger(CLIENTS);
    private final AtomicLong exchanges = new AtomicLong();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final CompletableFuture<Long> ended = new CompletableFuture<>();
    private volatile boolean ending;

    /** The service is there, clients come with {@link #begin}. */
    public SyntheticLoad() throws IOException {
        service = new ServerSocket(0, CLIENTS * 4, InetAddress.getLoopbackAddress());
        start("warm-up-service", this::serve);
    }

    /** Where the service listens, on loopback. */
    public int servicePort() {
        return service.getLocalPort();
    }

    /**
     * Sends the clients; to be called once.
     *
     * @param proxyPort on loopback, of what they ask
     */
    public void begin(int proxyPort) {
        for (int i = 0; i < CLIENTS; i++) {
            int first = i;
            start("warm-up-client", () -> ask(proxyPort, first));
        }
    }

    /** How many requests have been served. */
    public long exchanges() {
        return exchanges.get();
    }

    /** Whether no client asks any more: after {@link #end}, or because all of them failed. */
    boolean isOver() {
        return ended.isDone();
    }

    /**
     * Lets each client have its last response.
     *
     * @return completes when they have, with how many responses there were in all; fails if something went wrong
     *     before, which ends a client as well
     */
    public CompletionStage<Long> end() {
        ending = true;
        return ended.minimalCompletionStage();
    }

    /** Ends the service, and its connections with their next request. To be called after {@link #end}. */
    @Override
    public void close() throws IOException {
        ending = true;
        service.close();
    }

    private interface Part {
        void play() throws IOException;
    }

    private static void start(String name, Runnable part) {
        Thread thread = new Thread(part, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void serve() {
        play(() -> {
            while (!ending) {
                Socket accepted = service.accept();
                start("warm-up-service", () -> play(() -> respond(accepted)));
            }
        });
    }

    /** What breaks while everything is being ended is no failure. Others than ourselves may send what is no message. */
    private void play(Part part) {
        try {
            part.play();
        } catch (IOException | RuntimeException broken) {
            if (!ending) {
                failure.compareAndSet(null, broken);
            }
        }
    }

    private void respond(Socket connection) throws IOException {
        try (connection) {
            // Without a time-out: which of its connections a proxy leaves idle is its own affair.
            connection.setTcpNoDelay(true);
            MessageReader requests = new MessageReader(connection.getInputStream());
            for (int left = EXCHANGES_PER_CONNECTION; left > 0; left--) {
                String head = requests.next();
                if (head == null) {
                    return;
                }
                connection.getOutputStream().write(SyntheticExchanges.response(head, left == 1));
            }
        }
    }

    private void ask(int port, int first) {
        try {
            play(() -> connectAndConverse(port, first));
        } finally {
            if (playing.decrementAndGet() == 0) {
                tellTheEnd();
            }
        }
    }

    private void connectAndConverse(int port, int first) throws IOException {
        InetSocketAddress proxy = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        int turn = first;
        while (!ending) {
            try (Socket connection = new Socket()) {
                connection.connect(proxy, Math.toIntExact(PATIENCE.toMillis()));
                turn = converse(connection, turn);
            }
        }
    }

    private int converse(Socket connection, int first) throws IOException {
        connection.setTcpNoDelay(true);
        connection.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
        MessageReader responses = new MessageReader(connection.getInputStream());
        int turn = first;
        while (turn < first + EXCHANGES_PER_CONNECTION && !ending) {
            connection.getOutputStream().write(SyntheticExchanges.request(turn++));
            String head = responses.next();
            if (head == null || !head.startsWith("http/1.1 200 ")) {
                throw new IOException(head == null ? "no response" : head.substring(0, head.indexOf('\r')));
            }
            exchanges.incrementAndGet();
        }
        return turn;
    }

    private void tellTheEnd() {
        Exception broken = failure.get();
        if (broken == null) {
            ended.complete(exchanges.get());
        } else {
            ended.completeExceptionally(broken);
        }
    }
}
