package dev.pointsman.balancer.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server that plays a script on each connection, by a thread of its own.
 *
 * @param <C> what a script has of its connection
 */
final class ScriptedServer<C extends Closeable> implements AutoCloseable {
    /** More than any test connects at a time: a connection beyond it would come a second late. */
    private static final int BACKLOG = 1000;

    private final ServerSocket server;
    private final Opening<C> opening;
    private final Play<C> script;
    private final List<C> connections = new CopyOnWriteArrayList<>();
    private final List<Throwable> problems = new CopyOnWriteArrayList<>();

    /** What a connection is made of on this side before its script sees it. */
    @FunctionalInterface
    interface Opening<C> {
        C of(Socket accepted) throws IOException;
    }

    /** What happens on one connection, from its start; it is closed when that is over. */
    @FunctionalInterface
    interface Play<C> {
        void on(C connection) throws Exception;
    }

    private ScriptedServer(Opening<C> opening, Play<C> script) throws IOException {
        this.opening = opening;
        this.script = script;
        this.server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    }

    /** One that accepts connections from now on. */
    static <C extends Closeable> ScriptedServer<C> start(Opening<C> opening, Play<C> script) throws IOException {
        ScriptedServer<C> server = new ScriptedServer<>(opening, script);
        server.inBackground(server::accept);
        return server;
    }

    private void inBackground(Runnable task) {
        Thread thread = new Thread(task, "instance " + port());
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                C connection = opening.of(server.accept());
                connections.add(connection);
                inBackground(() -> play(connection));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void play(C connection) {
        try (connection) {
            script.on(connection);
        } catch (IOException ended) {
            // The other side left, which ends most scripts.
        } catch (Exception | AssertionError problem) {
            problems.add(problem);
        }
    }

    int port() {
        return server.getLocalPort();
    }

    /** How many connections there have been. */
    int connections() {
        return connections.size();
    }

    /** Ends everything; a script that failed otherwise than by its connection's end fails the test. */
    @Override
    public void close() throws IOException {
        server.close();
        for (C connection : connections) {
            connection.close();
        }
        if (!problems.isEmpty()) {
            throw new AssertionError("a script failed", problems.get(0));
        }
    }
}
