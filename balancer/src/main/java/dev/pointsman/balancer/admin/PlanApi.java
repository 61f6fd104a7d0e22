package dev.pointsman.balancer.admin;

import dev.pointsman.balancer.config.ConfigReading;
import dev.pointsman.balancer.config.DocumentTrust;
import dev.pointsman.balancer.config.ReadConfig;
import dev.pointsman.balancer.config.RefusedConfig;
import dev.pointsman.balancer.plan.PlanText;
import dev.pointsman.balancer.plan.PlannedGroup;
import dev.pointsman.balancer.plan.RouteDifference;
import dev.pointsman.balancer.plan.RouteDifference.AlteredRoute;
import dev.pointsman.balancer.plan.RoutePlan;
import dev.pointsman.balancer.plan.RoutePlan.PlannedFate;
import dev.pointsman.balancer.route.RecentRequest;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteTable;
import dev.pointsman.balancer.route.RoutesInForce;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /api/plan} with a configuration file as the body: what it would change for the requests of late. Nothing is
 * changed by it. Who asks has to show the token that changes need; where there is none anybody may ask, but no variable is
 * read then, and no file. Text where Accept names {@code text/plain}, else JSON. docs/plan.md describes it.
 */
public final class PlanApi implements AdminPart {
    private static final Logger log = LoggerFactory.getLogger(PlanApi.class);
    private static final String NAME = "the file";

    private final Vertx vertx;
    private final Rehearsal rehearsal;
    private final WriteGuard guard;
    private final LongSupplier nanos;
    private final InstantSource clock;

    /** What a plan is made of. */
    public interface Rehearsal {
        /**
         * Reads a configuration that is posted. Blocks.
         *
         * @param name of the file, for the problems
         * @param from what it may look at
         */
        ConfigReading read(String name, byte[] content, DocumentTrust from);

        /** The table that there would be with a configuration, together with all other places of routes. */
        Future<RouteTable> tableWith(ReadConfig config);

        RoutesInForce routes();

        /** The newest requests, the oldest first. */
        Future<List<RecentRequest>> recent();
    }

    /** The same moment for both tables. */
    private record Material(RoutesInForce now, RouteTable then, List<RecentRequest> recent) {}

    /**
     * The plans of a balancer.
     *
     * @param guard who may ask
     * @param nanos the clock of {@link RecentRequest#at()}
     */
    public PlanApi(Vertx vertx, Rehearsal rehearsal, WriteGuard guard, LongSupplier nanos, InstantSource clock) {
        this.vertx = vertx;
        this.rehearsal = rehearsal;
        this.guard = guard;
        this.nanos = nanos;
        this.clock = clock;
    }

    @Override
    public void mount(Router router) {
        router.post("/api/plan").handler(rc -> guard.question(rc, this::plan));
    }

    private void plan(RoutingContext rc, Buffer body, DocumentTrust from) {
        String given = rc.request().getParam("name");
        String name = given == null || given.isBlank() ? NAME : given;
        vertx.executeBlocking(() -> rehearsal.read(name, body.getBytes(), from), false)
                .onSuccess(reading -> {
                    if (reading instanceof RefusedConfig refused) {
                        AdminResponse.problems(rc, 400, refused.problems());
                    } else {
                        answer(rc, name, (ReadConfig) reading);
                    }
                })
                .onFailure(broken -> fail(rc, broken));
    }

    private void answer(RoutingContext rc, String name, ReadConfig config) {
        rehearsal
                .tableWith(config)
                .compose(then -> rehearsal.recent().map(recent -> new Material(rehearsal.routes(), then, recent)))
                .compose(all -> vertx.executeBlocking(() -> respondWith(rc, name, all), false))
                .onSuccess(Runnable::run)
                .onFailure(broken -> fail(rc, broken));
    }

    /** Replays the requests, for which it may block, and makes the response, which is sent later. */
    private Runnable respondWith(RoutingContext rc, String name, Material all) {
        RoutePlan plan = RoutePlan.of(all.recent(), all.now().table(), all.then());
        boolean anyRequest = !all.recent().isEmpty();
        Instant from = anyRequest ? timeOf(all.recent().get(0)) : Instant.EPOCH;
        Instant to = anyRequest ? timeOf(all.recent().get(all.recent().size() - 1)) : Instant.EPOCH;
        if (AdminResponse.wantsText(rc)) {
            String title = "Plan: " + name + " in place of table " + all.now().version() + " ("
                    + all.now().table().routes().size() + " routes)";
            String text = PlanText.of(plan, title, anyRequest ? "from " + from + " to " + to : "");
            return () -> AdminResponse.text(rc, 200, text);
        }
        JsonObject json = json(plan)
                .put("table", all.now().version())
                .put("from", anyRequest ? from.toString() : null)
                .put("to", anyRequest ? to.toString() : null);
        return () -> AdminResponse.json(rc, 200, json);
    }

    private Instant timeOf(RecentRequest request) {
        return clock.instant()
                .minus(Duration.ofNanos(nanos.getAsLong() - request.at()))
                .truncatedTo(ChronoUnit.SECONDS);
    }

    private static void fail(RoutingContext rc, Throwable broken) {
        log.warn("a plan could not be made", broken);
        AdminResponse.problems(rc, 500, List.of("the plan could not be made; the balancer's log says why"));
    }

    private static JsonObject json(RoutePlan plan) {
        JsonObject json = new JsonObject()
                .put("requests", plan.requests())
                .put("unchanged", plan.unchanged())
                .put("unrouted", plan.unrouted())
                .put("loses", plan.losesRequests());
        for (PlannedFate fate : PlannedFate.values()) {
            json.put(StateView.lowerCase(fate), group(plan.group(fate)));
        }
        RouteDifference routes = plan.routes();
        JsonArray changed = new JsonArray();
        routes.changed().forEach(each -> changed.add(changed(each)));
        return json.put(
                "routes",
                new JsonObject()
                        .put("then", plan.routesThen())
                        .put("added", list(routes.added()))
                        .put("removed", list(routes.removed()))
                        .put("changed", changed)
                        .put("unused", list(plan.unused())));
    }

    private static JsonObject group(PlannedGroup group) {
        JsonArray flows = new JsonArray();
        group.flows()
                .forEach(each -> flows.add(new JsonObject()
                        .put("from", each.from())
                        .put("to", each.to())
                        .put("requests", each.requests())));
        JsonArray examples = new JsonArray();
        group.examples()
                .forEach(each -> examples.add(new JsonObject()
                        .put("method", each.method())
                        .put("host", each.host())
                        .put("path", each.path())
                        .put("from", each.from())
                        .put("to", each.to())
                        .put("requests", each.requests())));
        return new JsonObject()
                .put("requests", group.requests())
                .put("flows", flows)
                .put("examples", examples);
    }

    private static JsonArray list(List<Route> routes) {
        JsonArray list = new JsonArray();
        routes.forEach(each ->
                list.add(new JsonObject().put("route", each.key().toString()).put("target", each.describeTarget())));
        return list;
    }

    private static JsonObject changed(AlteredRoute each) {
        return new JsonObject()
                .put("route", each.now().key().toString())
                .put("from", each.now().describeTarget())
                .put("to", each.then().describeTarget())
                .put("target", each.isOfTarget());
    }
}
