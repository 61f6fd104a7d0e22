package dev.pointsman.balancer.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An instance that plays a script on each connection, in HTTP/2 frame by frame: what no server on a library could send. */
public final class ScriptedHttp2 implements AutoCloseable {
    private final ServerSocket server;
    private final Script script;
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final List<Throwable> problems = new CopyOnWriteArrayList<>();

    /** What happens on one connection, from its first byte; it is closed when the script is over. */
    @FunctionalInterface
    public interface Script {
        void play(Http2Wire wire) throws Exception;
    }

    /** What happens for each request. */
    @FunctionalInterface
    public interface Response {
        void to(Http2Wire.Request request, Http2Wire wire) throws Exception;
    }

    private ScriptedHttp2(Script script) throws IOException {
        this.script = script;
        this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    }

    /** One that plays a script; for the caller to close. */
    public static ScriptedHttp2 playing(Script script) throws IOException {
        ScriptedHttp2 instance = new ScriptedHttp2(script);
        Thread accepting = new Thread(instance::accept, "instance " + instance.port());
        accepting.setDaemon(true);
        accepting.start();
        return instance;
    }

    /** One that begins each connection in order, and does with the head of each request what it is told. */
    public static ScriptedHttp2 responding(Response response) throws IOException {
        return playing(wire -> {
            wire.serve("");
            for (Http2Wire.Request request = wire.request(); request.stream() != -1; request = wire.request()) {
                response.to(request, wire);
            }
        });
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                connections.add(socket);
                Thread playing = new Thread(() -> play(socket), "instance " + port());
                playing.setDaemon(true);
                playing.start();
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void play(Socket socket) {
        try (Http2Wire wire = Http2Wire.accepted(socket)) {
            script.play(wire);
        } catch (IOException ended) {
            // The other side left, which ends most scripts.
        } catch (Exception | AssertionError problem) {
            problems.add(problem);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    /** How many connections there have been. */
    public int connections() {
        return connections.size();
    }

    /** Ends everything; a script that failed otherwise than by its connection's end fails the test. */
    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : connections) {
            socket.close();
        }
        if (!problems.isEmpty()) {
            throw new AssertionError("a script failed", problems.get(0));
        }
    }
}
