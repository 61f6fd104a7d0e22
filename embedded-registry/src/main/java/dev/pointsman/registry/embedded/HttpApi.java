package dev.pointsman.registry.embedded;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** The HTTP front of the API: reads each request's body, and refuses what the registry does not have. */
final class HttpApi {
    /** The largest body that the port lets pass, in bytes; Consul's largest value is 512 KiB. */
    static final int MAX_BODY = 2 * 1024 * 1024;

    private final Router router;

    HttpApi(Router router) {
        this.router = router;
        addUnsupported();
    }

    /** Enough of what the registry does not have for clients to find that out and go on. */
    private void addUnsupported() {
        Consumer<ApiCall> noAcl = call -> {
            throw ApiException.of(401, "ACL support disabled");
        };
        Consumer<ApiCall> none = call -> call.header("X-Consul-Index", "1")
                .header("X-Consul-Knownleader", "true")
                .header("X-Consul-Lastcontact", "0")
                .json(new JsonArray());
        Consumer<ApiCall> noExternalNodes = call -> {
            throw ApiException.of(501, "the embedded registry has no nodes but its own: register with /v1/agent");
        };
        Consumer<ApiCall> toUi = call -> call.status(301)
                .header("Location", "/ui/")
                .header("Content-Type", "text/html; charset=utf-8")
                .bytes("<a href=\"/ui/\">Moved Permanently</a>.\n\n".getBytes(StandardCharsets.US_ASCII));
        router.get("/v1/acl/", noAcl)
                .put("/v1/acl/", noAcl)
                .put("/v1/acl/bootstrap", noAcl)
                .put("/v1/catalog/register", noExternalNodes)
                .put("/v1/catalog/deregister", noExternalNodes)
                .get("/v1/coordinate/", call -> {
                    throw ApiException.of(501, "the embedded registry has no network coordinates");
                })
                .get("/v1/event/list", call -> call.header("X-Consul-Index", "1")
                        .json(new JsonArray()))
                .get("/v1/query", call -> none.accept(call.header("X-Consul-Effective-Consistency", "leader")))
                .get("/v1/config/", none)
                .get("/", toUi)
                .get("/ui", toUi)
                .get(
                        "/ui/",
                        call -> call.text(200, "The embedded registry has no user interface; its API is under /v1."))
                .put("/v1/txn", call -> {
                    throw ApiException.of(501, "the embedded registry has no transactions");
                })
                .get(
                        "/v1/operator/raft/configuration",
                        call -> call.json(
                                new JsonObject().put("Servers", new JsonArray()).put("Index", 0)));
    }

    /** Call it on the registry's context. */
    void handle(HttpServerRequest request) {
        Buffer body = Buffer.buffer();
        request.handler(body::appendBuffer);
        request.endHandler(end -> router.handle(request, body));
        // A client that breaks off in the middle of its request gets no response.
        request.exceptionHandler(failure -> {});
    }
}
