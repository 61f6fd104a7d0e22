package dev.pointsman.balancer.admin;

import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteTable;
import dev.pointsman.pool.Availability;
import dev.pointsman.pool.Pool;
import dev.pointsman.pool.PoolSnapshot;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.Watch;
import dev.pointsman.registry.WatchStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** What the balancer knows, as JSON. Thread-safe: reads snapshots only. */
public final class StateView {
    private final RouteTable routes;
    private final List<Followed> followed;
    private final Clock clock;

    /** A target's pool, and the watch that feeds it. */
    public record Followed(Pool pool, Watch watch) {}

    public StateView(RouteTable routes, List<Followed> followed, Clock clock) {
        this.routes = routes;
        this.followed = List.copyOf(followed);
        this.clock = clock;
    }

    JsonObject routes() {
        JsonArray list = new JsonArray();
        for (Route route : routes.routes()) {
            list.add(new JsonObject().put("prefix", route.prefix()).put("target", route.target()));
        }
        return new JsonObject().put("routes", list);
    }

    JsonObject services() {
        JsonArray list = new JsonArray();
        followed.forEach(one -> list.add(service(one)));
        return new JsonObject().put("services", list);
    }

    private JsonObject service(Followed one) {
        PoolSnapshot snapshot = one.pool().snapshot();
        JsonArray upstreams = new JsonArray();
        snapshot.upstreams().forEach(upstream -> upstreams.add(upstream(upstream)));
        return new JsonObject()
                .put("target", snapshot.target())
                .put("ready", snapshot.ready().size())
                .put("registry", registry(one.watch().status()))
                .put("upstreams", upstreams);
    }

    private JsonObject registry(WatchStatus status) {
        Instant lastAnswer = status.lastAnswer();
        Instant lastChange = status.lastChange();
        return new JsonObject()
                .put("index", Long.toUnsignedString(status.index()))
                .put("ageMs", lastAnswer == null ? null : millisSince(lastAnswer))
                .put("changedMs", lastChange == null ? null : millisSince(lastChange))
                .put("failures", status.failures())
                .put("lastError", status.lastError());
    }

    private long millisSince(Instant then) {
        return Math.max(0, Duration.between(then, clock.instant()).toMillis());
    }

    private static JsonObject upstream(Upstream upstream) {
        Instance instance = upstream.instance();
        return new JsonObject()
                .put("id", upstream.key().id())
                .put("node", upstream.key().node())
                .put("service", instance.service())
                .put("address", instance.address())
                .put("port", instance.port())
                .put("tags", new JsonArray(instance.tags()))
                .put("state", lowerCase(upstream.availability()))
                .put("why", why(upstream))
                .put("weight", instance.weight())
                .put("inFlight", upstream.inFlight())
                .put("picks", upstream.picks())
                .put("failures", upstream.failures());
    }

    private static String why(Upstream upstream) {
        if (upstream.held()) {
            return "the registry lost its memory and does not list it yet; kept for now";
        }
        if (upstream.unverified()) {
            return "known from the view file; the registry has not answered yet";
        }
        Instance instance = upstream.instance();
        if (!instance.healthReason().isEmpty()) {
            return instance.healthReason();
        }
        return upstream.availability() == Availability.READY ? "all checks pass" : "";
    }

    static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
