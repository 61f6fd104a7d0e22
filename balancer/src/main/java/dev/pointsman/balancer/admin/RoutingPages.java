package dev.pointsman.balancer.admin;

import dev.pointsman.balancer.admin.ConfigAccess.ConfigAnswer;
import dev.pointsman.balancer.admin.RoutingAccess.RouteChange;
import dev.pointsman.balancer.admin.RoutingAccess.WriteRequest;
import dev.pointsman.balancer.history.RoutingState;
import dev.pointsman.balancer.history.TableChange;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The paths of routes, their history and rollbacks, of the configuration, and of the audit. docs/admin-api.md describes them. */
public final class RoutingPages implements AdminPart {
    private static final Set<String> CIRCUMSTANCES = Set.of("dry-run", "version", "route");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final String ONE_VERSION = "a version, as in /api/history: a whole number";

    private final RoutingAccess routing;
    private final ConfigAccess config;
    private final WriteGuard guard;
    private final AuditLog audit;

    public RoutingPages(RoutingAccess routing, ConfigAccess config, WriteGuard guard, AuditLog audit) {
        this.routing = routing;
        this.config = config;
        this.guard = guard;
        this.audit = audit;
    }

    @Override
    public void mount(Router router) {
        router.get("/api/routes").handler(this::routes);
        router.put("/api/routes").handler(rc -> guard.handle(rc, this::put));
        router.post("/api/routes").handler(rc -> guard.handle(rc, this::put));
        router.delete("/api/routes").handler(rc -> guard.handle(rc, this::delete));
        router.get("/api/history").handler(rc -> Replies.respond(rc, 200, RoutingJson.history(routing.state())));
        router.get("/api/history/:table").handler(this::table);
        router.post("/api/rollback/:table").handler(rc -> guard.handle(rc, this::rollback));
        router.delete("/api/rollback").handler(rc -> guard.handle(rc, this::release));
        router.get("/api/config").handler(rc -> config.config()
                .onSuccess(state -> Replies.respond(rc, 200, state))
                .onFailure(rc::fail));
        router.post("/api/reload").handler(rc -> guard.handle(rc, this::reload));
        router.get("/api/audit").handler(this::audit);
    }

    private void routes(RoutingContext rc) {
        RoutingState state = routing.state();
        rc.response().putHeader("ETag", "\"" + state.version() + "\"");
        Replies.respond(rc, 200, RoutingJson.routes(state));
    }

    private void table(RoutingContext rc) {
        String text = rc.pathParam("table");
        RoutingState state = routing.state();
        TableChange table = NUMBER.matcher(text).matches() ? state.tableOf(Long.parseLong(text)) : null;
        if (table == null) {
            Replies.refuse(rc, 404, "no table " + text + " (expected: one that /api/history lists)");
        } else {
            Replies.respond(rc, 200, RoutingJson.table(table));
        }
    }

    private Future<ConfigAnswer> put(RoutingContext rc, Buffer body) {
        return request(rc).compose(request -> routing.put(document(rc, body), request)
                .map(change -> answer(rc, change, request.dryRun())));
    }

    /** JSON as YAML reads it, which has no tabs between values and does not escape a slash. */
    private static byte[] document(RoutingContext rc, Buffer body) {
        String type = String.valueOf(rc.request().getHeader("Content-Type"));
        if (!type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
            return body.getBytes();
        }
        String text = body.toString().replace('\t', ' ').replaceAll("(?<!\\\\)((?:\\\\\\\\)*)\\\\/", "$1/");
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Future<ConfigAnswer> delete(RoutingContext rc, Buffer body) {
        String route = rc.request().getParam("route");
        if (route == null || route.isBlank()) {
            return refused("route: not given (expected: ?route=HOST/PATH, of a route whose source is admin)");
        }
        return request(rc)
                .compose(request -> routing.delete(route, request).map(change -> answer(rc, change, request.dryRun())));
    }

    private Future<ConfigAnswer> rollback(RoutingContext rc, Buffer body) {
        String version = rc.pathParam("table");
        if (!NUMBER.matcher(version).matches()) {
            return refused("\"" + version + "\" (expected: " + ONE_VERSION + ")");
        }
        return request(rc).compose(request -> routing.rollback(Long.parseLong(version), request)
                .map(change -> answer(rc, change, request.dryRun())));
    }

    private Future<ConfigAnswer> release(RoutingContext rc, Buffer body) {
        return request(rc)
                .compose(request -> routing.release(request).map(change -> answer(rc, change, request.dryRun())));
    }

    private Future<ConfigAnswer> reload(RoutingContext rc, Buffer body) {
        String unknown = QueryNames.unknown(rc, Set.of());
        if (unknown != null) {
            return refused(unknown);
        }
        return config.reload("POST /api/reload by " + WriteGuard.who(rc))
                .map(answer -> new ConfigAnswer(answer.status(), RoutingJson.pinned(answer.body(), routing.state())));
    }

    private static ConfigAnswer answer(RoutingContext rc, RouteChange change, boolean dryRun) {
        rc.response().putHeader("ETag", "\"" + change.state().version() + "\"");
        JsonObject body = new JsonObject()
                .put("version", change.state().version())
                .put("tableVersion", change.state().tableVersion())
                .put("dryRun", dryRun)
                .put("summary", (dryRun ? "would be: " : "") + change.diff().summary())
                .put("diff", RoutingJson.diff(change.diff()));
        return new ConfigAnswer(200, RoutingJson.pinned(body, change.state()));
    }

    /** The circumstances of a change, by its query and If-Match (RFC 9110, 13.1.1). */
    private static Future<WriteRequest> request(RoutingContext rc) {
        String unknown = QueryNames.unknown(rc, CIRCUMSTANCES);
        if (unknown != null) {
            return refused(unknown);
        }
        String dryRun = rc.request().getParam("dry-run", "false");
        if (!dryRun.equals("true") && !dryRun.equals("false")) {
            return refused("dry-run: \"" + dryRun + "\" (expected: true or false)");
        }
        String given = rc.request().getParam("version");
        String match = rc.request().getHeader("If-Match");
        Long version = null;
        if (given != null) {
            version = version(given);
        } else if (match != null && !match.strip().equals("*")) {
            String tag = match.strip();
            boolean quoted = tag.length() > 2 && tag.startsWith("\"") && tag.endsWith("\"");
            version = quoted ? version(tag.substring(1, tag.length() - 1)) : null;
        } else {
            return Future.succeededFuture(
                    new WriteRequest(WriteGuard.what(rc), WriteGuard.who(rc), null, dryRun.equals("true")));
        }
        return version == null
                ? refused((given == null ? "If-Match: " + match : "version: \"" + given + "\"") + " (expected: "
                        + ONE_VERSION + (given == null ? ", in double quotes)" : ")"))
                : Future.succeededFuture(
                        new WriteRequest(WriteGuard.what(rc), WriteGuard.who(rc), version, dryRun.equals("true")));
    }

    private static @Nullable Long version(String text) {
        return NUMBER.matcher(text).matches() ? Long.valueOf(text) : null;
    }

    private static <T> Future<T> refused(String sentence) {
        return Future.failedFuture(new WriteRefusedException(400, sentence));
    }

    private void audit(RoutingContext rc) {
        JsonArray list = RoutingJson.list(audit.newest(), entry -> new JsonObject()
                .put("at", entry.at().toString())
                .put("who", entry.who())
                .put("what", entry.what())
                .put("status", entry.status())
                .put("result", entry.result()));
        Replies.respond(rc, 200, new JsonObject().put("audit", list));
    }
}
