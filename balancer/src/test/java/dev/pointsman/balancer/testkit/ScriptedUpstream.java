package dev.pointsman.balancer.testkit;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An instance of a service that does to each connection what a script says. */
public final class ScriptedUpstream implements AutoCloseable {
    private final ScriptedServer<Wire> server;
    private final List<Message> received;

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

    @FunctionalInterface
    private interface Reader {
        Message read(Wire wire) throws IOException;
    }

    private ScriptedUpstream(Script script, Security security, List<Message> received) throws IOException {
        this.received = received;
        this.server = ScriptedServer.start(accepted -> new Wire(security.around(accepted)), script::play);
    }

    static ScriptedUpstream playing(Script script) throws IOException {
        return playing(script, accepted -> accepted);
    }

    static ScriptedUpstream playing(Script script, Security security) throws IOException {
        return new ScriptedUpstream(script, security, List.of());
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
        List<Message> received = new CopyOnWriteArrayList<>();
        return new ScriptedUpstream(
                wire -> {
                    while (true) {
                        Message request = reader.read(wire);
                        received.add(request);
                        response.to(request, wire);
                    }
                },
                security,
                received);
    }

    public int port() {
        return server.port();
    }

    /** How many connections there have been. */
    public int connections() {
        return server.connections();
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
    }
}
