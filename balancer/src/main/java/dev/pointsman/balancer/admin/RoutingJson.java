package dev.pointsman.balancer.admin;

import dev.pointsman.balancer.history.ChangeCause;
import dev.pointsman.balancer.history.OptionTexts;
import dev.pointsman.balancer.history.PendingChange;
import dev.pointsman.balancer.history.PinnedTable;
import dev.pointsman.balancer.history.RouteDiff;
import dev.pointsman.balancer.history.RoutingState;
import dev.pointsman.balancer.history.TableChange;
import dev.pointsman.balancer.route.Branch;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Routes, tables and their history as JSON. */
final class RoutingJson {
    private RoutingJson() {}

    /** All routes in force. */
    static JsonObject routes(RoutingState state) {
        Map<RouteKey, JsonArray> overrules = new HashMap<>();
        for (Route route : state.overruled()) {
            overrules
                    .computeIfAbsent(route.key(), key -> new JsonArray())
                    .add(new JsonObject()
                            .put("source", StateView.lowerCase(route.origin().source()))
                            .put("where", route.origin().where())
                            .put("target", route.describeTarget()));
        }
        JsonArray routes = new JsonArray();
        for (Route route : state.routes()) {
            routes.add(route(route)
                    .put("since", text(state.since().get(route.key())))
                    .put("overrules", overrules.getOrDefault(route.key(), new JsonArray())));
        }
        JsonObject json = new JsonObject().put("version", state.version()).put("tableVersion", state.tableVersion());
        return pinned(json, state).put("routes", routes);
    }

    private static JsonObject route(Route route) {
        return new JsonObject()
                .put("route", route.key().toString())
                .put("host", route.key().host().toString())
                .put("prefix", route.prefix())
                .put("target", route.describeTarget())
                .put("policy", route.options().pool().policy().toString())
                .put("branches", list(route.branches(), branch -> branch(route, branch)))
                .put("options", options(OptionTexts.differing(route.options())))
                .put("source", StateView.lowerCase(route.origin().source()))
                .put("where", route.origin().where());
    }

    private static JsonObject branch(Route route, Branch branch) {
        JsonObject json = new JsonObject().put("target", branch.target().name()).put("weight", branch.weight());
        if (!branch.options().equals(route.options())) {
            json.put("options", options(OptionTexts.differing(branch.options())));
        }
        return json;
    }

    private static JsonObject options(Map<String, String> options) {
        JsonObject json = new JsonObject();
        options.forEach(json::put);
        return json;
    }

    /** All tables that are kept, without their routes. */
    static JsonObject history(RoutingState state) {
        JsonObject json = new JsonObject().put("version", state.version()).put("tableVersion", state.tableVersion());
        return pinned(json, state).put("tables", list(state.history(), RoutingJson::change));
    }

    /** One table. */
    static JsonObject table(TableChange table) {
        return change(table).put("routes", list(table.routes(), RoutingJson::route));
    }

    private static JsonObject change(TableChange change) {
        return new JsonObject()
                .put("version", change.version())
                .put("at", change.at().toString())
                .put("causes", list(change.causes(), RoutingJson::cause))
                .put("summary", change.diff().summary())
                .put("diff", diff(change.diff()));
    }

    /** A table that came into force, among the changes: of all routes, where the others are of an instance. */
    static JsonObject event(TableChange change) {
        return new JsonObject()
                .put("at", change.at().toString())
                .put("table", change.version())
                .put("to", "in-force")
                .put("reason", change.diff().summary())
                .put("causes", list(change.causes(), RoutingJson::cause));
    }

    private static JsonObject cause(ChangeCause cause) {
        return new JsonObject()
                .put("source", StateView.lowerCase(cause.source()))
                .put("what", cause.what())
                .put("who", cause.who().isEmpty() ? null : cause.who());
    }

    static JsonObject diff(RouteDiff diff) {
        return new JsonObject()
                .put("added", list(diff.added(), RoutingJson::route))
                .put("removed", list(diff.removed(), RoutingJson::route))
                .put("changed", list(diff.changed(), each -> new JsonObject()
                        .put("route", each.after().key().toString())
                        .put("what", new JsonArray(each.what()))));
    }

    /** Adds the table of a rollback that is in force, and what waits for its end. */
    static JsonObject pinned(JsonObject json, RoutingState state) {
        PinnedTable pinned = state.pinned();
        if (pinned == null) {
            return json.putNull("pinned");
        }
        return json.put(
                "pinned",
                new JsonObject()
                        .put("version", pinned.version())
                        .put("since", pinned.since().toString())
                        .put("cause", cause(pinned.cause()))
                        .put("pending", list(state.pending(), RoutingJson::pending))
                        .put("released", diff(state.released())));
    }

    private static JsonObject pending(PendingChange change) {
        return new JsonObject()
                .put("at", change.at().toString())
                .put("cause", cause(change.cause()))
                .put("summary", change.diff().summary())
                .put("diff", diff(change.diff()));
    }

    static <T> JsonArray list(List<T> all, Function<T, JsonObject> form) {
        JsonArray list = new JsonArray();
        all.forEach(each -> list.add(form.apply(each)));
        return list;
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
