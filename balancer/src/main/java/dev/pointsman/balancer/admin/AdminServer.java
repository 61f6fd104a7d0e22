package dev.pointsman.balancer.admin;

import dev.pointsman.balancer.config.ListenAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server of the admin API, on a port of its own, loopback by default, read-only. docs/admin-api.md describes it.
 *
 * <p>{@code GET /health/live}: 200 while the process responds. {@code GET /health/ready}: 200 while it should get
 * traffic, else 503. {@code GET /api/routes}, {@code GET /api/services}: what the balancer knows. {@code GET
 * /api/changes}: what happened to upstreams lately. {@code GET /api/instances/ID}: whether an instance is still in use.
 */
public final class AdminServer {
    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);

    private final HttpServer server;
    private final ListenAddress where;

    /**
     * A server that does not listen yet.
     *
     * @param where a port of 0 takes any free one
     */
    public AdminServer(Vertx vertx, ListenAddress where, BalancerReadiness readiness, StateView view) {
        this.where = where;
        Router router = Router.router(vertx);
        router.get("/health/live").handler(rc -> respond(rc, 200, new JsonObject().put("status", "alive")));
        router.get("/health/ready").handler(rc -> respondReadiness(rc, readiness));
        router.get("/api/routes").handler(rc -> respond(rc, 200, view.routes()));
        router.get("/api/services").handler(rc -> respond(rc, 200, view.services()));
        router.get("/api/changes").handler(rc -> respond(rc, 200, view.changes()));
        router.get("/api/instances/:id")
                .handler(rc -> respond(
                        rc, 200, view.instance(rc.pathParam("id"), rc.request().getParam("node"))));
        router.errorHandler(404, rc -> refuse(rc, 404, "no such path; docs/admin-api.md lists what there is"));
        router.errorHandler(405, rc -> refuse(rc, 405, "only GET is served here"));
        this.server = vertx.createHttpServer()
                // The client may be killed; without this, Vert.x logs each connection that it leaves broken as an
                // error.
                .connectionHandler(connection -> connection.exceptionHandler(
                        broken -> LOG.debug("{}: {}", connection.remoteAddress(), broken.toString())))
                .requestHandler(router);
    }

    private static void respondReadiness(RoutingContext rc, BalancerReadiness readiness) {
        BalancerReadiness.ReadinessState state = readiness.state();
        JsonObject body = new JsonObject().put("status", StateView.lowerCase(state));
        if (state == BalancerReadiness.ReadinessState.STARTING) {
            body.put("waitingFor", readiness.missing());
        }
        respond(rc, state == BalancerReadiness.ReadinessState.READY ? 200 : 503, body);
    }

    private static void respond(RoutingContext rc, int status, JsonObject body) {
        rc.response()
                .setStatusCode(status)
                .putHeader("content-type", "application/json")
                .putHeader("cache-control", "no-store")
                .end(body.encodePrettily() + "\n");
    }

    private static void refuse(RoutingContext rc, int status, String sentence) {
        respond(rc, status, new JsonObject().put("error", sentence));
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
