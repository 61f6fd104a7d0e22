package dev.pointsman.client;

import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.Weights;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An instance of a service: a server in this process, and what a registry would list of it. */
final class TestInstance {
    private final String id;
    private final int port;
    private final AutoCloseable process;
    private final AtomicInteger requests;

    private TestInstance(String id, int port, AutoCloseable process, AtomicInteger requests) {
        this.id = id;
        this.port = port;
        this.process = process;
        this.requests = requests;
    }

    /** One that is not there, at the port of a socket that does not listen: so no other program gets it. */
    static TestInstance dead(String id, Socket bound) {
        return new TestInstance(id, bound.getLocalPort(), bound, new AtomicInteger());
    }

    /** One that responds with its id. */
    static TestInstance start(Vertx vertx, String id) throws Exception {
        return start(vertx, id, request -> request.response().end(id));
    }

    static TestInstance start(Vertx vertx, String id, Handler<HttpServerRequest> handler) throws Exception {
        AtomicInteger requests = new AtomicInteger();
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> {
                    requests.incrementAndGet();
                    handler.handle(request);
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        AutoCloseable process =
                () -> server.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        return new TestInstance(id, server.actualPort(), process, requests);
    }

    /** How many requests it got. */
    int requests() {
        return requests.get();
    }

    int port() {
        return port;
    }

    /** Ends it as a killed process ends: its port and all its connections are closed. */
    void kill() throws Exception {
        process.close();
    }

    Instance listed() {
        return listed(List.of(), Map.of());
    }

    Instance withTags(String... tags) {
        return listed(List.of(tags), Map.of());
    }

    Instance inZone(String zone) {
        return listed(List.of(), Map.of("zone", zone));
    }

    private Instance listed(List<String> tags, Map<String, String> meta) {
        return new Instance(
                new InstanceKey("node", id), "api", "127.0.0.1", port, tags, meta, Weights.DEFAULT, Health.PASSING, "");
    }
}
