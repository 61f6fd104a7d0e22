package dev.pointsman.balancer.admin;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.explain.AskedConnection;
import dev.pointsman.balancer.explain.AskedRequest;
import dev.pointsman.balancer.explain.ConnectionExplanation;
import dev.pointsman.balancer.explain.Explanation;
import dev.pointsman.balancer.explain.Explanation.ExplainedBranch;
import dev.pointsman.balancer.explain.ExplanationText;
import dev.pointsman.balancer.explain.InstanceVerdict;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteCandidates;
import dev.pointsman.balancer.route.RouteLookup.TableEntry;
import dev.pointsman.balancer.route.RoutesInForce;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * {@code GET /api/explain?url=&method=&header=&client=}: what would become of a request, and why. Text where Accept names
 * {@code text/plain}, else JSON. Of a URL such as {@code tcp://db.example.com:8443} what would become of a connection of TCP. docs/explain.md describes it.
 */
public final class ExplainApi implements AdminPart {
    private final Supplier<RoutesInForce> routes;
    private final Supplier<BalancerConfig> config;
    private final InstantSource clock;

    /**
     * The explanations of a balancer.
     *
     * @param routes those in force
     * @param config the settings in force
     */
    public ExplainApi(Supplier<RoutesInForce> routes, Supplier<BalancerConfig> config, InstantSource clock) {
        this.routes = routes;
        this.config = config;
        this.clock = clock;
    }

    @Override
    public void mount(Router router) {
        router.get("/api/explain").handler(this::explain);
    }

    private void explain(RoutingContext rc) {
        List<String> problems = new ArrayList<>();
        String url = rc.request().getParam("url");
        if (url == null || url.isEmpty()) {
            AdminResponse.problems(rc, 400, List.of("url: missing (expected: " + AskedRequest.EXPECTED_URL + ")"));
            return;
        }
        if (AskedConnection.isAbout(url)) {
            explainConnection(rc, url, problems);
            return;
        }
        String method = rc.request().getParam("method");
        AskedRequest asked = AskedRequest.of(
                url,
                method == null || method.isEmpty() ? "GET" : method,
                rc.request().params().getAll("header"),
                rc.request().getParam("client"),
                problems);
        if (asked == null) {
            AdminResponse.problems(rc, 400, problems);
            return;
        }
        Explanation explained = Explanation.of(asked, routes.get(), config.get(), clock.instant());
        if (AdminResponse.wantsText(rc)) {
            AdminResponse.text(rc, 200, ExplanationText.of(explained));
        } else {
            AdminResponse.json(rc, 200, json(explained));
        }
    }

    private void explainConnection(RoutingContext rc, String url, List<String> problems) {
        AskedConnection asked = AskedConnection.of(url, rc.request().getParam("client"), problems);
        if (asked == null) {
            AdminResponse.problems(rc, 400, problems);
            return;
        }
        ConnectionExplanation explained = ConnectionExplanation.of(asked, routes.get(), config.get(), clock.instant());
        if (AdminResponse.wantsText(rc)) {
            AdminResponse.text(rc, 200, ExplanationText.of(explained));
        } else {
            AdminResponse.json(rc, 200, json(explained));
        }
    }

    private static JsonObject json(ConnectionExplanation explained) {
        Route taken = explained.taken();
        JsonArray others = new JsonArray();
        explained.others().forEach(each -> others.add(route(each)));
        JsonArray branches = new JsonArray();
        explained.branches().forEach(each -> branches.add(branch(each)));
        return new JsonObject()
                .put(
                        "connection",
                        new JsonObject()
                                .put("port", explained.asked().port())
                                .put("name", explained.asked().name()))
                .put("table", explained.version())
                .put("refused", explained.refusal())
                .put("route", taken == null ? null : route(taken))
                .put("why", explained.why())
                .put("notTaken", others)
                .put("branches", branches);
    }

    private static JsonObject json(Explanation explained) {
        AskedRequest request = explained.request();
        RouteCandidates candidates = explained.candidates();
        TableEntry taken = candidates.taken();
        JsonArray others = new JsonArray();
        candidates.others().forEach(each -> others.add(route(each.route()).put("why", each.why())));
        JsonArray elsewhere = new JsonArray();
        candidates.elsewhere().forEach(each -> elsewhere.add(route(each)));
        JsonArray branches = new JsonArray();
        explained.branches().forEach(each -> branches.add(branch(each)));
        JsonObject effects = new JsonObject();
        explained.effects().forEach(each -> effects.put(each.name(), each.value()));
        return new JsonObject()
                .put(
                        "request",
                        new JsonObject()
                                .put("method", request.method())
                                .put("host", request.host())
                                .put("target", request.originForm())
                                .put("path", request.path()))
                .put("table", explained.version())
                .put("refused", explained.refusal())
                .put("status", explained.ownStatus() == 0 ? null : explained.ownStatus())
                .put("route", taken == null ? null : route(taken.route()))
                .put("why", candidates.why())
                .put("notTaken", others)
                .put("elsewhere", elsewhere)
                .put("branches", branches)
                .put("effects", effects);
    }

    private static JsonObject route(Route route) {
        return new JsonObject()
                .put("route", route.key().toString())
                .put("target", route.describeTarget())
                .put("source", StateView.lowerCase(route.origin().source()))
                .put("where", route.origin().where());
    }

    private static JsonObject branch(ExplainedBranch branch) {
        JsonArray instances = new JsonArray();
        branch.instances().forEach(each -> instances.add(instance(each)));
        return new JsonObject()
                .put("target", branch.target())
                .put("sharePercent", branch.share())
                .put("policy", branch.policy())
                .put("failOpen", branch.failOpen())
                .put("next", branch.next())
                .put("instances", instances);
    }

    private static JsonObject instance(InstanceVerdict verdict) {
        return new JsonObject()
                .put("id", verdict.key().id())
                .put("node", verdict.key().node())
                .put("address", verdict.authority())
                .put("verdict", verdict.word())
                .put("why", verdict.why())
                .put("inFlight", verdict.inFlight())
                .put("weight", verdict.weight());
    }
}
