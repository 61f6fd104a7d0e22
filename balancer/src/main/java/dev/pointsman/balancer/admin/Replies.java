package dev.pointsman.balancer.admin;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** The one form of the admin API's responses. */
final class Replies {
    private Replies() {}

    static void respond(RoutingContext rc, int status, JsonObject body) {
        if (rc.response().ended() || rc.response().closed()) {
            return;
        }
        rc.response()
                .setStatusCode(status)
                .putHeader("content-type", "application/json")
                .putHeader("cache-control", "no-store")
                .end(body.encodePrettily() + "\n");
    }

    static void refuse(RoutingContext rc, int status, String sentence) {
        respond(rc, status, new JsonObject().put("error", sentence));
    }

    /** A refusal with every problem: the first is the error, so that a reader of one sentence has one. */
    static JsonObject problems(List<String> problems) {
        return new JsonObject()
                .put("error", problems.isEmpty() ? "refused" : problems.get(0))
                .put("problems", new JsonArray(problems));
    }
}
