package dev.pointsman.balancer.admin;

import dev.pointsman.balancer.config.Limits;
import dev.pointsman.balancer.config.ListenAddress;
import dev.pointsman.http.CallerRule;
import dev.pointsman.http.GuardedServer;
import dev.pointsman.http.PortLimits;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The server of the admin API, on a port of its own, loopback by default. docs/admin-api.md describes it.
 *
 * <p>{@code GET /health/live}: 200 while the process responds. {@code GET /api/services}: what the balancer
 * knows. {@code GET /api/changes}: what happened to upstreams and routes lately. {@code GET /api/instances/ID}: whether an
 * instance is still in use. The rest are {@linkplain AdminPart parts}.
 */
public final class AdminServer {
    static final int MAX_BODY = 8 * 1024 * 1024;
    private static final int MAX_CONNECTIONS = 1024;
    private static final String NOT_ENCODED =
            "has a % that two hexadecimal digits do not follow (expected: %25 for a percent sign)";
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    private final HttpServer server;
    private final ListenAddress where;

    /**
     * A server that does not listen yet.
     *
     * @param where a port of 0 takes any free one
     * @param hostNames names by which it may be called on loopback, besides addresses and localhost
     * @param limits those of clients count here too, but for the body
     * @param parts what there is beside services and changes
     */
    public AdminServer(
            Vertx vertx,
            ListenAddress where,
            List<String> hostNames,
            Limits limits,
            StateView view,
            List<AdminPart> parts) {
        this.where = where;
        Router router = Router.router(vertx);
        router.route().handler(AdminServer::refuseUnreadableQuery);
        router.get("/health/live").handler(rc -> Replies.respond(rc, 200, new JsonObject().put("status", "alive")));
        router.get("/api/services").handler(rc -> Replies.respond(rc, 200, view.services()));
        router.get("/api/changes").handler(rc -> respondChanges(rc, view));
        router.get("/api/instances/:id")
                .handler(rc -> Replies.respond(
                        rc, 200, view.instance(rc.pathParam("id"), rc.request().getParam("node"))));
        parts.forEach(part -> part.mount(router));
        router.errorHandler(400, rc -> Replies.refuse(rc, 400, "the path " + NOT_ENCODED));
        router.errorHandler(404, rc -> Replies.refuse(rc, 404, "no such path; docs/admin-api.md lists what there is"));
        router.errorHandler(
                405,
                rc -> Replies.refuse(
                        rc, 405, "this path is not served with that method; docs/admin-api.md lists what there is"));
        router.errorHandler(500, rc -> Replies.refuse(rc, 500, "the balancer failed to answer this; its log says why"));
        this.server = GuardedServer.create(
                        vertx,
                        new HttpServerOptions(),
                        new PortLimits(
                                limits.maxHead(),
                                MAX_BODY,
                                MAX_CONNECTIONS,
                                limits.head(),
                                limits.head(),
                                limits.idle()),
                        new CallerRule(where.host(), hostNames),
                        GuardedServer.RefusalForm.JSON)
                .requestHandler(router);
    }

    /** Here once, as whoever asks for a parameter of such a query gets an exception. */
    private static void refuseUnreadableQuery(RoutingContext rc) {
        try {
            rc.queryParams();
        } catch (IllegalArgumentException | HttpException notEncoded) {
            Replies.refuse(rc, 400, "the query " + NOT_ENCODED);
            return;
        }
        rc.next();
    }

    private static void respondChanges(RoutingContext rc, StateView view) {
        Long after = number(rc, "after", 0);
        Long limit = after == null ? null : number(rc, "limit", StateChanges.KEPT);
        if (after != null && limit != null) {
            Replies.respond(rc, 200, view.changes(after, (int) Math.min(limit, StateChanges.KEPT)));
        }
    }

    /** The parameter's value; null if it is none, which has been refused then. */
    private static @Nullable Long number(RoutingContext rc, String name, long otherwise) {
        String text = rc.request().getParam(name);
        if (text == null) {
            return otherwise;
        }
        if (NUMBER.matcher(text).matches()) {
            return Long.valueOf(text);
        }
        Replies.refuse(rc, 400, name + ": \"" + text + "\" (expected: a whole number, 0 or more)");
        return null;
    }

    public Future<Void> listen() {
        return server.listen(where.port(), where.host()).mapEmpty();
    }

    /** The port that the server listens on. */
    public int port() {
        return server.actualPort();
    }

    public Future<Void> close() {
        return server.close();
    }
}
