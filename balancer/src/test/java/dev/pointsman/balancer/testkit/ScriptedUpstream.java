package dev.pointsman.balancer.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An instance of a service that does to each connection what a script says. */
public final class ScriptedUpstream implements AutoCloseable {
    /** More than any test connects at a time: a connection beyond it would come a second late. */
    private static final int BACKLOG = 1000;

    private final ServerSocket server;
    private final Script script;
    private final Security security;
    private final List<Wire> connections = new CopyOnWriteArrayList<>();
    private final List<Message> received = new CopyOnWriteArrayList<>();
    private final List<Throwable> problems = new CopyOnWriteArrayList<>();

    /** What a connection is made of on this side before the script sees it. */
    @FunctionalInterface
    public interface Security {
        /** Another socket around one that was accepted. */
        Socket around(Socket accepted) throws IOException;
    }

    /** What happens on one connection, from its start; it is closed when the script is over. */
    @FunctionalInterface
    public interface Script {
        void play(Wire wire) throws Exception;
    }

    /** What happens after each request that was read whole. */
    @FunctionalInterface
    public interface Response {
        void to(Message request, Wire wire) throws Exception;
    }

    private ScriptedUpstream(Script script, Security security) throws IOException {
        this.script = script;
        this.security = security;
        this.server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    }

    static ScriptedUpstream playing(Script script) throws IOException {
        return playing(script, accepted -> accepted);
    }

    static ScriptedUpstream playing(Script script, Security security) throws IOException {
        return new ScriptedUpstream(script, security).start();
    }

    /** An upstream that reads each request whole and then does as the script says; for the caller to close. */
    public static ScriptedUpstream standalone(Response response) throws IOException {
        return responding(Wire::readMessage, response, accepted -> accepted);
    }

    /** The same behind some security. */
    public static ScriptedUpstream secured(Security security, Response response) throws IOException {
        return responding(Wire::readMessage, response, security);
    }

    static ScriptedUpstream strict(Response response) throws IOException {
        return responding(wire -> new StrictReader(wire).readRequest(), response, accepted -> accepted);
    }

    private static ScriptedUpstream responding(Reader reader, Response response, Security security) throws IOException {
        List<ScriptedUpstream> self = new CopyOnWriteArrayList<>();
        ScriptedUpstream upstream = new ScriptedUpstream(
                wire -> {
                    while (true) {
                        Message request = reader.read(wire);
                        self.get(0).received.add(request);
                        response.to(request, wire);
                    }
                },
                security);
        self.add(upstream);
        return upstream.start();
    }

    @FunctionalInterface
    private interface Reader {
        Message read(Wire wire) throws IOException;
    }

    private ScriptedUpstream start() {
        Thread accepting = new Thread(this::accept, "upstream " + port());
        accepting.setDaemon(true);
        accepting.start();
        return this;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                Wire wire = new Wire(security.around(socket));
                connections.add(wire);
                Thread playing = new Thread(() -> play(wire), "upstream " + port());
                playing.setDaemon(true);
                playing.start();
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void play(Wire wire) {
        try (wire) {
            script.play(wire);
        } catch (IOException ended) {
            // The proxy left, which ends most scripts.
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

    /** The requests that were read whole, in the order they came. */
    public List<Message> received() {
        return received;
    }

    /** The only request there was. */
    public Message onlyRequest() {
        if (received.size() != 1) {
            throw new AssertionError("expected one request, there were " + received.size());
        }
        return received.get(0);
    }

    /** Ends everything; a script that failed otherwise than by its connection's end fails the test. */
    @Override
    public void close() throws IOException {
        server.close();
        for (Wire wire : connections) {
            wire.close();
        }
        if (!problems.isEmpty()) {
            throw new AssertionError("a script failed", problems.get(0));
        }
    }
}
