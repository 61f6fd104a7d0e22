package dev.pointsman.balancer.admin;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** The one form of the admin API's responses. */
public final class Replies {
    private Replies() {}

    /** Responds with an object, if the client is still there. */
    public static void respond(RoutingContext rc, int status, JsonObject body) {
        respond(rc, status, "application/json", Buffer.buffer(body.encodePrettily() + "\n"));
    }

    /** Responds with what was written out already, if the client is still there. */
    public static void respond(RoutingContext rc, int status, String type, Buffer body) {
        if (rc.response().ended() || rc.response().closed()) {
            return;
        }
        rc.response()
                .setStatusCode(status)
                .putHeader("content-type", type)
                .putHeader("cache-control", "no-store")
                .end(body);
    }

    /** Says in one sentence why there is no other response. */
    public static void refuse(RoutingContext rc, int status, String sentence) {
        respond(rc, status, new JsonObject().put("error", sentence));
    }

    /** A refusal with every problem: the first is the error, so that a reader of one sentence has one. */
    static JsonObject problems(List<String> problems) {
        return new JsonObject()
                .put("error", problems.isEmpty() ? "refused" : problems.get(0))
                .put("problems", new JsonArray(problems));
    }
}
