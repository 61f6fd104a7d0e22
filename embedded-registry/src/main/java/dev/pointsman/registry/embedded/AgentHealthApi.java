package dev.pointsman.registry.embedded;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /v1/agent/health}: the health of this agent's services as an HTTP status, for probes and load balancers. */
final class AgentHealthApi {
    private final LocalAgent agent;
    private final ConsulJsonWriter shapes;

    AgentHealthApi(LocalAgent agent, ConsulJsonWriter shapes) {
        this.agent = agent;
        this.shapes = shapes;
    }

    void addTo(Router router) {
        router.get("/v1/agent/health/service/id/", this::byId).get("/v1/agent/health/service/name/", this::byName);
    }

    private void byId(ApiCall call) {
        if (call.rest().isEmpty()) {
            throw ApiException.of(500, "Bad request: Missing serviceID");
        }
        Service service = agent.service(call.rest());
        if (service == null) {
            answer(call, 404, "ServiceId " + call.rest() + " not found", json(null, "critical"), "critical");
            return;
        }
        Health health = health(service);
        answer(call, health.code(), health.wire(), json(service, health.wire()), health.wire());
    }

    private void byName(ApiCall call) {
        List<Service> services = agent.services().stream()
                .filter(service -> service.name().equals(call.rest()))
                .toList();
        if (services.isEmpty()) {
            answer(call, 404, "ServiceName " + call.rest() + " Not Found", new JsonArray(), "critical");
            return;
        }
        JsonArray all = new JsonArray();
        Health worst = new Health(CheckStatus.PASSING, false);
        for (Service service : services) {
            Health health = health(service);
            worst = worst.or(health);
            all.add(json(service, health.wire()));
        }
        answer(call, worst.code(), worst.wire(), all, worst.wire());
    }

    private static void answer(ApiCall call, int code, String reason, Object body, String status) {
        call.header("X-Consul-Reason", reason);
        if (call.query().get("format").equals("text")) {
            call.status(code).header("Content-Type", "text/plain").bytes(status.getBytes(StandardCharsets.US_ASCII));
        } else {
            call.status(code).json(body);
        }
    }

    private JsonObject json(@Nullable Service service, String status) {
        JsonArray checks = new JsonArray();
        if (service != null) {
            agent.checksFor(service.id()).forEach(check -> checks.add(shapes.agentHealthCheck(check)));
        }
        return new JsonObject()
                .put("AggregatedStatus", status)
                .put("Service", service == null ? null : shapes.agentService(service))
                .put("Checks", service == null ? null : checks);
    }

    private Health health(Service service) {
        Health worst = new Health(CheckStatus.PASSING, false);
        for (Check check : agent.checksFor(service.id())) {
            worst = worst.or(new Health(check.status(), check.type().equals(LocalAgent.MAINTENANCE)));
        }
        return worst;
    }

    /** The worst status, where maintenance is worse than all others. */
    private record Health(CheckStatus status, boolean maintenance) {
        Health or(Health other) {
            return new Health(status.or(other.status), maintenance || other.maintenance);
        }

        String wire() {
            return maintenance ? LocalAgent.MAINTENANCE : status.wire();
        }

        int code() {
            return switch (status) {
                case PASSING -> 200;
                case WARNING -> 429;
                case CRITICAL -> 503;
            };
        }
    }
}
