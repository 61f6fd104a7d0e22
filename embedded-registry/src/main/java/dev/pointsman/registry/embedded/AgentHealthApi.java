package dev.pointsman.registry.embedded;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The paths under {@code /v1/agent/health}: the health of the services as an HTTP status, for probes and load balancers. */
final class AgentHealthApi {
    private final LocalAgent agent;
    private final ConsulJsonWriter writer;

    AgentHealthApi(LocalAgent agent, ConsulJsonWriter writer) {
        this.agent = agent;
        this.writer = writer;
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
            respond(call, 404, "ServiceId " + call.rest() + " not found", json(null, "critical"), "critical");
            return;
        }
        ServiceHealth health = health(service);
        respond(call, health.code(), health.wire(), json(service, health.wire()), health.wire());
    }

    private void byName(ApiCall call) {
        List<Service> services = agent.services().stream()
                .filter(service -> service.name().equals(call.rest()))
                .toList();
        if (services.isEmpty()) {
            respond(call, 404, "ServiceName " + call.rest() + " Not Found", new JsonArray(), "critical");
            return;
        }
        JsonArray all = new JsonArray();
        ServiceHealth worst = new ServiceHealth(CheckStatus.PASSING, false);
        for (Service service : services) {
            ServiceHealth health = health(service);
            worst = worst.or(health);
            all.add(json(service, health.wire()));
        }
        respond(call, worst.code(), worst.wire(), all, worst.wire());
    }

    private static void respond(ApiCall call, int code, String reason, Object body, String status) {
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
            agent.checksFor(service.id()).forEach(check -> checks.add(writer.agentHealthCheck(check)));
        }
        return new JsonObject()
                .put("AggregatedStatus", status)
                .put("Service", service == null ? null : writer.agentService(service))
                .put("Checks", service == null ? null : checks);
    }

    private ServiceHealth health(Service service) {
        ServiceHealth worst = new ServiceHealth(CheckStatus.PASSING, false);
        for (Check check : agent.checksFor(service.id())) {
            worst = worst.or(new ServiceHealth(check.status(), check.type().equals(LocalAgent.MAINTENANCE)));
        }
        return worst;
    }

    /** The worst status, where maintenance is worse than all others. */
    private record ServiceHealth(CheckStatus status, boolean maintenance) {
        ServiceHealth or(ServiceHealth other) {
            return new ServiceHealth(status.or(other.status), maintenance || other.maintenance);
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
