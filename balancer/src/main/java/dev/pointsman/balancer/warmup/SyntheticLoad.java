package dev.pointsman.balancer.warmup;

import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The load of the warm-up: a service, and clients that send it requests by way of a proxy as fast as they get
 * responses; on loopback, a thread for each client. By the JDK's own HTTP, without Netty, because what is compiled for
 * the data plane's use of Netty must not learn from another use. Thread-safe.
 */
final class SyntheticLoad implements Closeable {
    /** The number of clients: so many that an event loop always finds several of them waiting, as under load. */
    private static final int CLIENTS = 16;

    /** The exchanges on one connection: so few that connections are made and ended often, on both sides. */
    private static final int EXCHANGES_PER_CONNECTION = 50;

    private final HttpServer service;
    private final ExecutorService serviceThreads = Executors.newCachedThreadPool(SyntheticLoad::thread);
    private final AtomicInteger playing = new AtomicInteger(CLIENTS);
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong exchanges = new AtomicLong();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final CompletableFuture<Long> ended = new CompletableFuture<>();
    private volatile boolean ending;

    /** A load whose service listens and whose clients start with {@link #begin}. */
    SyntheticLoad() throws IOException {
        // Else each response waits for the acknowledgement of its own head, 40 ms on Linux.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), CLIENTS * 4);
        service.createContext("/", exchange -> {
            boolean last = requests.incrementAndGet() % EXCHANGES_PER_CONNECTION == 0;
            SyntheticExchange.ofPath(exchange.getRequestURI().getPath()).respond(exchange, last);
        });
        service.setExecutor(serviceThreads);
        service.start();
    }

    /** The port of the service, on loopback. */
    int servicePort() {
        return service.getAddress().getPort();
    }

    /**
     * Starts the clients; to be called once.
     *
     * @param proxyPort on loopback, where they send their requests
     */
    void begin(int proxyPort) {
        for (int i = 0; i < CLIENTS; i++) {
            int first = i;
            thread(() -> sendUntilTheEnd(proxyPort, first)).start();
        }
    }

    /** The number of requests that have got their response. */
    long exchanges() {
        return exchanges.get();
    }

    /** Whether no client sends any more: after {@link #end}, or because all of them failed. */
    boolean isOver() {
        return ended.isDone();
    }

    /**
     * Ends the clients, each after its last response.
     *
     * @return completes when they have, with how many responses there were in all; fails if something went wrong
     *     before, which ends a client as well
     */
    CompletionStage<Long> end() {
        ending = true;
        return ended.minimalCompletionStage();
    }

    /** Ends the service and its connections. To be called after {@link #end}. */
    @Override
    public void close() {
        ending = true;
        service.stop(0);
        serviceThreads.shutdown();
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "warm-up");
        thread.setDaemon(true);
        return thread;
    }

    private void sendUntilTheEnd(int port, int first) {
        try {
            String host = InetAddress.getLoopbackAddress().getHostAddress();
            for (int turn = first; !ending; turn++) {
                SyntheticExchange exchange = SyntheticExchange.ofTurn(turn);
                exchange.send(exchange.url(host, port), turn % EXCHANGES_PER_CONNECTION == 0);
                exchanges.incrementAndGet();
            }
        } catch (IOException | RuntimeException broken) {
            // What breaks while everything is being ended is no failure.
            if (!ending) {
                failure.compareAndSet(null, broken);
            }
        } finally {
            if (playing.decrementAndGet() == 0) {
                complete();
            }
        }
    }

    private void complete() {
        Exception broken = failure.get();
        if (broken == null) {
            ended.complete(exchanges.get());
        } else {
            ended.completeExceptionally(broken);
        }
    }
}
