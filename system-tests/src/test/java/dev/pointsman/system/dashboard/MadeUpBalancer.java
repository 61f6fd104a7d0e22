package dev.pointsman.system.dashboard;

import dev.pointsman.balancer.dashboard.DashboardPage;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * The page of a balancer, over an admin API that says what a test wants: what a real one says cannot be had at will, such as
 * a thousand services or markup in names. Below a path prefix, as behind a proxy.
 */
final class MadeUpBalancer implements AutoCloseable {
    static final String TOKEN = "a-token-for-these-tests";
    static final String PREFIX = "/behind/a/prefix";

    final Fleet fleet;
    /** What was asked to be changed: method, path, query. */
    final List<String> writes = new CopyOnWriteArrayList<>();

    private final Vertx vertx = Vertx.vertx();
    private final JsonArray changes = new JsonArray();
    private final List<HttpServerResponse> followers = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private int port;
    private volatile boolean isFull;
    private volatile boolean keepsOutput = true;

    MadeUpBalancer(Fleet fleet) throws Exception {
        this.fleet = fleet;
        change(
                "checkout",
                "checkout-3",
                "box-3",
                "ready",
                "ejected",
                "ejected for 30 s: 5 of the last 10 attempts failed");
        change("accounts", "accounts-2", "box-2", "ready", "maintenance", "maintenance: moved to another rack");
        listen();
    }

    private void listen() throws Exception {
        Router api = Router.router(vertx);
        new DashboardPage().mount(api);
        api.get("/api/overview").handler(rc -> json(rc, 200, overview(rc)));
        api.get("/api/live").handler(this::live);
        api.get("/api/traffic")
                .handler(rc -> json(rc, 200, fleet.history(rc.request().getParam("service"))));
        api.get("/api/changes").handler(rc -> json(rc, 200, new JsonObject().put("changes", changes)));
        api.get("/api/launchers").handler(rc -> json(rc, 200, launchers()));
        api.get("/api/launchers/:type/:instance/log").handler(rc -> rc.response()
                .putHeader("content-type", "text/plain; charset=utf-8")
                .end("listening on 40001\n<script>alert(1)</script> is only text\n"));
        api.get("/api/config").handler(rc -> json(rc, 200, config()));
        api.get("/api/routes").handler(rc -> json(rc, 200, routes()));
        api.get("/api/explain").handler(this::explain);
        api.post("/api/*").handler(this::write);
        Router all = Router.router(vertx);
        all.route(PREFIX + "/*").subRouter(api);
        server = vertx.createHttpServer().requestHandler(all);
        port = server.listen(port, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .actualPort();
    }

    String url() {
        return "http://127.0.0.1:" + port + PREFIX + "/";
    }

    /** Notes a change, and tells those who follow. */
    void change(String service, String id, String node, String from, String to, String reason) {
        JsonObject change = new JsonObject()
                .put("at", Instant.now().toString())
                .put("target", service)
                .put("id", id)
                .put("node", node)
                .put("from", from)
                .put("to", to)
                .put("reason", reason);
        synchronized (changes) {
            changes.add(0, change);
        }
        followers.forEach(each -> each.write("event: change\ndata: " + change.encode() + "\n\n"));
    }

    private JsonObject overview(RoutingContext rc) {
        return fleet.overview(
                rc.request().getParam("q", ""),
                "trouble".equals(rc.request().getParam("only")),
                Integer.parseInt(rc.request().getParam("offset", "0")),
                Integer.parseInt(rc.request().getParam("limit", "50")));
    }

    private void live(RoutingContext rc) {
        if (isFull) {
            json(rc, 503, new JsonObject().put("error", "too many look already"));
            return;
        }
        HttpServerResponse response = rc.response()
                .setChunked(true)
                .putHeader("content-type", "text/event-stream")
                .putHeader("cache-control", "no-store");
        response.write("retry: 2000\n\n");
        followers.add(response);
        tell(rc);
        long timer = vertx.setPeriodic(1000, fired -> tell(rc));
        response.closeHandler(gone -> {
            vertx.cancelTimer(timer);
            followers.remove(response);
        });
    }

    private void tell(RoutingContext rc) {
        rc.response().write("event: overview\ndata: " + overview(rc).encode() + "\n\n");
    }

    private JsonObject launchers() {
        JsonArray instances = new JsonArray();
        for (int i = 1; i <= 2; i++) {
            instances.add(new JsonObject()
                    .put("id", "catalog-" + i)
                    .put("pid", 4200 + i)
                    .put("port", 40000 + i)
                    .put("state", "running")
                    .put("restarts", i - 1)
                    .put("cpuPercent", 7.5 * i)
                    .put("memoryBytes", 187_000_000L * i)
                    .put("startedAt", Instant.now().minusSeconds(3600L * i).toString())
                    .put("why", i == 2 ? "replaced: was ended by SIGKILL" : ""));
        }
        return new JsonObject()
                .put(
                        "launchers",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("pid", 4100)
                                        .put("name", "shop")
                                        .put("keepsOutput", keepsOutput)
                                        .put(
                                                "types",
                                                new JsonArray()
                                                        .add(new JsonObject()
                                                                .put("name", "catalog")
                                                                .put("wanted", 3)
                                                                .put("running", 2)
                                                                .put("instances", instances)))));
    }

    private static JsonObject config() {
        return new JsonObject()
                .put("version", 3)
                .put("since", Instant.now().minusSeconds(7400).toString())
                .put("cause", "SIGHUP")
                .put("files", new JsonArray().add("/etc/pointsman/balancer.yaml"))
                .put("changes", new JsonArray().add("route /search is new"))
                .put("atNextStart", new JsonArray())
                .put(
                        "lines",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("key", "connect-timeout")
                                        .put("value", "2s")
                                        .put("where", "/etc/pointsman/balancer.yaml:4:1: connect-timeout")));
    }

    private static JsonObject routes() {
        return new JsonObject()
                .put(
                        "routes",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("route", "/catalog")
                                        .put("target", "catalog")
                                        .put("options", new JsonObject().put("response-timeout", "5s"))
                                        .put("source", "file")
                                        .put("where", "/etc/pointsman/balancer.yaml:7:3: route")));
    }

    private void explain(RoutingContext rc) {
        String url = rc.request().getParam("url");
        if (!url.startsWith("/")) {
            json(rc, 400, new JsonObject().put("error", "url: \"" + url + "\" (expected: a path or a URL)"));
            return;
        }
        JsonObject route = new JsonObject()
                .put("route", "/catalog")
                .put("target", "catalog")
                .put("source", "file")
                .put("where", "balancer.yaml:7:3");
        JsonObject instance = new JsonObject()
                .put("id", "catalog-1")
                .put("node", "box-1")
                .put("address", "10.0.0.1:34560")
                .put("verdict", "picked next")
                .put("why", "")
                .put("inFlight", 4);
        json(
                rc,
                200,
                new JsonObject()
                        .put(
                                "request",
                                new JsonObject()
                                        .put("method", rc.request().getParam("method"))
                                        .put("target", url))
                        .put("route", route)
                        .put("why", new JsonArray().add("the path is /catalog or below"))
                        .put("notTaken", new JsonArray())
                        .put("elsewhere", new JsonArray())
                        .put(
                                "branches",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("target", "catalog")
                                                .put("sharePercent", 100)
                                                .put("policy", "round-robin")
                                                .put("failOpen", false)
                                                .put("instances", new JsonArray().add(instance))))
                        .put("effects", new JsonObject().put("response-timeout", "5s")));
    }

    private void write(RoutingContext rc) {
        writes.add(rc.request().uri().substring(PREFIX.length()));
        if (!("Bearer " + TOKEN).equals(rc.request().getHeader("Authorization"))) {
            json(
                    rc,
                    401,
                    new JsonObject()
                            .put(
                                    "error",
                                    "a field Authorization: Bearer TOKEN with the right token is needed for this"));
        } else {
            json(rc, 200, new JsonObject().put("summary", "done as asked"));
        }
    }

    private static void json(RoutingContext rc, int status, JsonObject body) {
        rc.response()
                .setStatusCode(status)
                .putHeader("content-type", "application/json")
                .end(body.encode());
    }

    /** Refuses further streams, or takes them again. */
    void full(boolean full) {
        isFull = full;
    }

    /** Has its launcher keep nothing of what instances print. */
    void keepsNoOutput() {
        keepsOutput = false;
    }

    /** Is away, as a balancer that has stopped. */
    void leave() throws Exception {
        server.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** Is back, on the same port. */
    void comeBack() throws Exception {
        listen();
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
