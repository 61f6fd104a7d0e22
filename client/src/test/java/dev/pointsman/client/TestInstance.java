package dev.pointsman.client;

import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.Weights;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An instance of a service: a server in this process, and what a registry would list of it. */
final class TestInstance {
    private final String id;
    private final HttpServer server;
    private final AtomicInteger requests = new AtomicInteger();

    private TestInstance(Vertx vertx, String id, Handler<HttpServerRequest> handler) throws Exception {
        this.id = id;
        this.server = vertx.createHttpServer()
                .requestHandler(request -> {
                    requests.incrementAndGet();
                    handler.handle(request);
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    /** One that responds with its id. */
    static TestInstance start(Vertx vertx, String id) throws Exception {
        return start(vertx, id, request -> request.response().end(id));
    }

    static TestInstance start(Vertx vertx, String id, Handler<HttpServerRequest> handler) throws Exception {
        return new TestInstance(vertx, id, handler);
    }

    /** How many requests it got. */
    int requests() {
        return requests.get();
    }

    int port() {
        return server.actualPort();
    }

    /** Ends it as a killed process ends: its port and all its connections are closed. */
    void kill() throws Exception {
        server.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
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
                new InstanceKey("node", id),
                "api",
                "127.0.0.1",
                server.actualPort(),
                tags,
                meta,
                Weights.DEFAULT,
                Health.PASSING,
                "");
    }
}
