package dev.pointsman.balancer.overview;

import dev.pointsman.balancer.admin.StateView;
import dev.pointsman.balancer.admin.StateView.Followed;
import dev.pointsman.balancer.resilience.AdmissionQueue;
import dev.pointsman.balancer.traffic.ConnectionSampler;
import dev.pointsman.balancer.traffic.TrafficSampler;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.WatchStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything that there is to see at one moment, of which a query shows a part. For the thread of the sampler. */
final class Overview {
    private final BalancerState balancer;
    private final List<ServiceState> services;
    private final StateView view;
    private final TrafficSampler sampler;
    private final ConnectionSampler connections;
    private final Instant at;

    /** @param services in the order in which they are shown */
    Overview(
            BalancerState balancer,
            List<ServiceState> services,
            StateView view,
            TrafficSampler sampler,
            ConnectionSampler connections,
            Instant at) {
        this.balancer = balancer;
        this.services = services;
        this.view = view;
        this.sampler = sampler;
        this.connections = connections;
        this.at = at;
    }

    JsonObject json(OverviewQuery query) {
        List<ServiceState> matching =
                services.stream().filter(state -> state.matches(query)).toList();
        JsonArray shown = new JsonArray();
        matching.stream().skip(query.offset()).limit(query.limit()).forEach(state -> shown.add(service(state)));
        return new JsonObject()
                .put("at", at.toString())
                .put("version", balancer.version())
                .put("state", balancer.state())
                .put("startedAt", balancer.startedAt().toString())
                .put("traffic", TrafficJson.of(sampler.all()))
                .put("tcp", hasTcp() ? TrafficJson.of(connections.all()) : null)
                .put(
                        "connections",
                        new JsonObject().put("clients", balancer.clients()).put("upstreams", balancer.upstreams()))
                .put(
                        "config",
                        new JsonObject()
                                .put("version", balancer.configVersion())
                                .put("since", text(balancer.configSince()))
                                .put("refused", balancer.refused()))
                .put("registry", registry())
                .put("total", services.size())
                .put("matching", matching.size())
                .put(
                        "inTrouble",
                        services.stream().filter(ServiceState::inTrouble).count())
                .put("unrouted", TrafficJson.of(sampler.unrouted()))
                .put("services", shown);
    }

    private boolean hasTcp() {
        return services.stream().anyMatch(state -> state.tcp() != null);
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    /** How the registry does for all services together. */
    private JsonObject registry() {
        int failing = 0;
        String lastError = null;
        Instant oldest = null;
        for (ServiceState state : services) {
            WatchStatus status = state.followed().watch().status();
            if (status.failures() > 0) {
                failing++;
                lastError = status.lastError();
            }
            Instant last = status.lastResponse();
            if (last != null && (oldest == null || last.isBefore(oldest))) {
                oldest = last;
            }
        }
        return new JsonObject()
                .put("ok", failing == 0)
                .put("oldestAgeMs", oldest == null ? null : Math.max(0, at.toEpochMilli() - oldest.toEpochMilli()))
                .put("failing", failing)
                .put("lastError", lastError);
    }

    private JsonObject service(ServiceState state) {
        Followed followed = state.followed();
        AdmissionQueue queue = followed.queue();
        JsonArray routes = new JsonArray();
        state.routes().forEach(route -> routes.add(route(state.name(), route)));
        JsonArray upstreams = new JsonArray();
        state.pool().upstreams().forEach(upstream -> upstreams.add(upstream(upstream)));
        return new JsonObject()
                .put("name", state.name())
                .put("policy", followed.policy())
                .put("inTrouble", state.inTrouble())
                .put("why", state.trouble().text())
                .put("ready", state.pool().ready().size())
                .put("all", state.pool().upstreams().size())
                .put("failOpen", state.pool().failOpen())
                .put("inFlight", followed.pool().statistics().inFlight())
                .put("waiting", queue == null ? 0 : queue.waiting())
                .put("traffic", TrafficJson.of(state.traffic()))
                .put("tcp", state.tcp() == null ? null : TrafficJson.of(state.tcp()))
                .put("counts", StateView.counts(followed))
                .put("registry", view.registry(followed.watch().status()))
                .put("routes", routes)
                .put("upstreams", upstreams);
    }

    private JsonObject route(String service, LeadingRoute route) {
        List<String> alone = List.of(route.name());
        return new JsonObject()
                .put("route", route.name())
                .put("traffic", TrafficJson.of(sampler.service(service, alone)))
                .put("tcp", route.isTcp() ? TrafficJson.of(connections.service(service, alone)) : null);
    }

    private JsonObject upstream(Upstream upstream) {
        Instant since = upstream.since();
        return new JsonObject()
                .put("id", upstream.key().id())
                .put("node", upstream.key().node())
                .put("address", upstream.instance().address())
                .put("port", upstream.instance().port())
                .put("state", StateView.lowerCase(upstream.availability()))
                .put("reason", StateView.reason(upstream))
                .put("since", since.equals(Instant.EPOCH) ? null : since.toString())
                .put("weight", upstream.weight())
                .put("inFlight", upstream.inFlight())
                .put("stalled", upstream.isStalled())
                .put("ejections", upstream.ejections())
                .put("tags", new JsonArray(upstream.instance().tags()))
                .put("traffic", TrafficJson.of(sampler.instance(upstream)));
    }
}
