package dev.pointsman.balancer.testkit;

import java.io.IOException;

/** An instance that plays a script on each connection, in HTTP/2 frame by frame: what no server on a library could send. */
public final class ScriptedHttp2 implements AutoCloseable {
    private final ScriptedServer<Http2Wire> server;

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

    private ScriptedHttp2(ScriptedServer<Http2Wire> server) {
        this.server = server;
    }

    /** One that plays a script; for the caller to close. */
    public static ScriptedHttp2 playing(Script script) throws IOException {
        return new ScriptedHttp2(ScriptedServer.start(Http2Wire::accepted, script::play));
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

    public int port() {
        return server.port();
    }

    /** How many connections there have been. */
    public int connections() {
        return server.connections();
    }

    /** Ends everything; a script that failed otherwise than by its connection's end fails the test. */
    @Override
    public void close() throws IOException {
        server.close();
    }
}
