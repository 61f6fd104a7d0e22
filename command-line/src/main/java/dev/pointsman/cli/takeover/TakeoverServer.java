package dev.pointsman.cli.takeover;

import dev.pointsman.balancer.Balancer;
import dev.pointsman.balancer.config.ListenAddress;
import dev.pointsman.cli.takeover.TakeoverMessages.TakeoverOutcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The side of a takeover that is taken over from: it gives another process its listening sockets and what only it knows, goes on as if
 * nothing were, and leaves when the other one says that it accepts clients. One that ends before is forgotten. Thread-safe.
 *
 * <p>A takeover is four messages on a Unix socket: {@code {"take":PID}}, the sockets with {@code {"pid":...,"clients":...,
 * "admin":...,"others":[...],"legacy":{...}}} or {@code {"refused":WHY}}, then {@code {"ready":true,"taken":[...]}} or {@code {"failed":WHY}}, and at last
 * {@code {"left":true}}.
 */
public final class TakeoverServer {
    private static final Logger log = LoggerFactory.getLogger(TakeoverServer.class);
    private static final Duration STEP = Duration.ofSeconds(10);

    /** After a connection could not be accepted, as for want of a descriptor. */
    private static final Duration UNTIL_NEXT_TRY = Duration.ofMillis(500);

    private final DescriptorListener listener;
    private final Balancer balancer;
    private final String adminHost;
    private final Runnable end;
    private final AtomicLong successor = new AtomicLong();
    private volatile boolean left;
    private volatile String lastFailure = "";
    private volatile LongConsumer whenLeft = process -> {};

    private TakeoverServer(DescriptorListener listener, Balancer balancer, String adminHost, Runnable end) {
        this.listener = listener;
        this.balancer = balancer;
        this.adminHost = adminHost;
        this.end = end;
    }

    /**
     * Lets a balancer be taken over from.
     *
     * @param socket in a folder that nobody else may enter
     * @param adminHost what the admin port is bound to
     * @param end stops this process, once another one has its ports; called on a thread of its own
     * @throws IOException if it cannot be, with a sentence
     */
    public static TakeoverServer start(Path socket, Balancer balancer, String adminHost, Runnable end)
            throws IOException {
        try {
            return start(DescriptorListener.listen(socket), balancer, adminHost, end);
        } catch (LinkageError missing) {
            throw new IOException(
                    "the calls of the operating system cannot be made here: " + missing.getMessage(), missing);
        }
    }

    static TakeoverServer start(DescriptorListener listener, Balancer balancer, String adminHost, Runnable end) {
        TakeoverServer server = new TakeoverServer(listener, balancer, adminHost, end);
        thread("takeover", server::accept);
        return server;
    }

    /** Whether another process has the ports by now. */
    public boolean isLeft() {
        return left;
    }

    /** Has something done as soon as another process has the ports, with that process's number. */
    void whenLeft(LongConsumer then) {
        whenLeft = then;
    }

    /** Why the last process that was to take over did not; empty if it did not say. */
    String lastFailure() {
        return lastFailure;
    }

    /** Another process is going to try. */
    void forgetFailure() {
        lastFailure = "";
    }

    private void accept() {
        boolean isClosed = false;
        while (!isClosed) {
            try {
                DescriptorSocket connection = listener.accept();
                thread("takeover-connection", () -> serve(connection));
            } catch (ClosedChannelException closed) {
                isClosed = true;
            } catch (IOException failed) {
                log.warn("nobody can take over from this balancer right now: {}", failed.getMessage());
                isClosed = isClosedSoon();
            }
        }
    }

    private boolean isClosedSoon() {
        try {
            return listener.awaitClose(UNTIL_NEXT_TRY);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private void serve(DescriptorSocket connection) {
        try (connection) {
            connection.timeout(STEP);
            long process = TakeoverMessages.asking(connection.receive().text());
            if (!successor.compareAndSet(0, process)) {
                refuse(connection, "process " + successor.get() + " is taking over from it already");
                return;
            }
            try {
                handOn(connection, process);
            } catch (IOException broken) {
                log.warn("process {} was to take over, and is gone ({}): going on", process, broken.getMessage());
            } finally {
                if (!left) {
                    successor.set(0);
                }
            }
        } catch (IOException broken) {
            log.warn("somebody was to take over, and did not say so ({}): going on", broken.getMessage());
        }
    }

    private void handOn(DescriptorSocket connection, long process) throws IOException {
        JsonObject legacy;
        try {
            legacy = await(balancer.legacy());
        } catch (ExecutionException impossible) {
            lastFailure = reason(impossible);
            refuse(connection, lastFailure);
            return;
        }
        int sockets = balancer.addresses().size() + 1;
        if (sockets > DescriptorSocket.MOST) {
            lastFailure = "it listens on " + sockets + " ports (expected: " + DescriptorSocket.MOST
                    + " at most: the kernel passes no more of them on)";
            refuse(connection, lastFailure);
            return;
        }
        log.info(
                "process {} gets the listening sockets of this balancer, which goes on until that one is ready",
                process);
        offer(connection, legacy);
        lastFailure = "";
        connection.timeout(Duration.ZERO);
        TakeoverOutcome outcome = TakeoverMessages.outcome(connection.receive().text());
        String failure = outcome.failure();
        if (failure != null) {
            lastFailure = failure;
            log.warn("process {} did not take over: {}; going on", process, failure);
            return;
        }
        leave(connection, process, outcome);
    }

    private void offer(DescriptorSocket connection, JsonObject legacy) throws IOException {
        List<ListenAddress> clients = balancer.addresses();
        ListenAddress admin = new ListenAddress(adminHost, balancer.adminPort());
        List<Integer> descriptors = new ArrayList<>();
        for (ListenAddress port : clients) {
            descriptors.add(ListeningDescriptors.of(new InetSocketAddress(port.host(), port.port())));
        }
        descriptors.add(1, ListeningDescriptors.of(new InetSocketAddress(admin.host(), admin.port())));
        connection.send(TakeoverMessages.offer(clients, admin, legacy), descriptors);
    }

    /** From here on there is no way back: whatever fails, this process ends. */
    private void leave(DescriptorSocket connection, long process, TakeoverOutcome outcome) {
        log.info("process {} has taken over; what is in flight here is finished", process);
        left = true;
        try {
            // Before the admin port is left, as somebody may wait there for the response.
            whenLeft.accept(process);
            Void unused = await(balancer.leave(outcome::isTaken));
            listener.close(true);
            connection.send(new JsonObject().put("left", true).encode(), List.of());
        } catch (ExecutionException failed) {
            log.warn("the ports were not left in order: {}", reason(failed));
        } catch (IOException failed) {
            log.warn("the ports were not left in order: {}", failed.getMessage());
        } finally {
            thread("taken-over", end);
        }
    }

    private static String reason(ExecutionException failed) {
        Throwable cause = failed.getCause();
        return String.valueOf(cause == null ? failed.getMessage() : cause.getMessage());
    }

    private static void refuse(DescriptorSocket connection, String why) throws IOException {
        log.warn("this balancer is not taken over from: {}", why);
        connection.send(new JsonObject().put("refused", why).encode(), List.of());
    }

    private static <T> T await(Future<T> step) throws IOException, ExecutionException {
        try {
            return step.toCompletionStage().toCompletableFuture().get(STEP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new IOException("this took more than " + STEP.toSeconds() + " s", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    /** Starts a thread that does not keep the process. */
    static void thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Is not taken over from any more. */
    public void close() throws IOException {
        listener.close(left);
    }
}
