package dev.pointsman.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A balancer as docs/drain-protocol.md has it, which says what it is told to. */
final class ScriptedBalancer {
    /** The ids that it picks. */
    final Set<String> accepting = ConcurrentHashMap.newKeySet();

    /** The ids that it has a request under way at. */
    final Set<String> busy = ConcurrentHashMap.newKeySet();

    /** The ids that it was asked for. */
    final Set<String> asked = ConcurrentHashMap.newKeySet();

    void register(LauncherUnderTest test) throws Exception {
        int port = test.vertx
                .createHttpServer()
                .requestHandler(this::respond)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .actualPort();
        JsonObject service = new JsonObject()
                .put("ID", "balancer-1")
                .put("Name", "pointsman-balancer")
                .put("Tags", JsonArray.of("pointsman-balancer"))
                .put("Address", "127.0.0.1")
                .put("Port", port)
                .put("Meta", new JsonObject().put("admin", "127.0.0.1:" + port).put("proto", "1"));
        assertThat(test.consul
                        .put("/v1/agent/service/register", service.encode())
                        .status())
                .isEqualTo(200);
    }

    private void respond(HttpServerRequest request) {
        String id = request.path().substring("/api/instances/".length());
        asked.add(id);
        boolean known = accepting.contains(id) || busy.contains(id);
        request.response()
                .end(new JsonObject()
                        .put("id", id)
                        .put("pools", known ? JsonArray.of(new JsonObject()) : new JsonArray())
                        .put("acceptsNew", accepting.contains(id))
                        .put("inFlight", busy.contains(id) ? 1 : 0)
                        .encode());
    }
}
