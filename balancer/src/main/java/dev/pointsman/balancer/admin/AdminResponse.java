package dev.pointsman.balancer.admin;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;

/** The responses of the admin API that come as text for people too: never cached, JSON unless text is asked for. */
final class AdminResponse {
    private AdminResponse() {}

    /** Whether Accept names text and not JSON, as the commands send it. */
    static boolean wantsText(RoutingContext rc) {
        String accept = rc.request().getHeader("accept");
        if (accept == null) {
            return false;
        }
        String types = accept.toLowerCase(Locale.ROOT);
        return types.contains("text/plain") && !types.contains("json");
    }

    static void json(RoutingContext rc, int status, JsonObject body) {
        send(rc, status, "application/json", body.encodePrettily() + "\n");
    }

    static void text(RoutingContext rc, int status, String body) {
        send(rc, status, "text/plain; charset=utf-8", body);
    }

    /** Says what is wrong with what was sent: each sentence for itself, and the first as the {@code error} of all responses. */
    static void problems(RoutingContext rc, int status, List<String> problems) {
        json(
                rc,
                status,
                new JsonObject()
                        .put("error", problems.isEmpty() ? "" : problems.get(0))
                        .put("problems", new JsonArray(problems)));
    }

    private static void send(RoutingContext rc, int status, String type, String body) {
        rc.response()
                .setStatusCode(status)
                .putHeader("content-type", type)
                .putHeader("cache-control", "no-store")
                .end(body);
    }
}
