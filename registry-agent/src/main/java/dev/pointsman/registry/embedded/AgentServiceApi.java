package dev.pointsman.registry.embedded;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /v1/agent/service...} and {@code /v1/agent/health}: the services of this agent. */
final class AgentServiceApi {
    private final LocalAgent agent;
    private final Reads reads;
    private final Shapes shapes;

    AgentServiceApi(LocalAgent agent, Reads reads, Shapes shapes) {
        this.agent = agent;
        this.reads = reads;
        this.shapes = shapes;
    }

    void addTo(Router router) {
        router.get("/v1/agent/services", this::services)
                .get("/v1/agent/service/", this::service)
                .put("/v1/agent/service/register", this::register)
                .put("/v1/agent/service/deregister/", this::deregister)
                .put("/v1/agent/service/maintenance/", this::maintenance)
                .get("/v1/agent/health/service/id/", this::healthById)
                .get("/v1/agent/health/service/name/", this::healthByName);
    }

    private void services(Call call) {
        Filter filter = Filter.of(call.query(), Selectors.AGENT_SERVICE);
        JsonObject services = new JsonObject();
        for (Service service : agent.services()) {
            JsonObject json = shapes.agentService(service);
            if (filter.test(json)) {
                services.put(service.id(), json);
            }
        }
        call.json(services);
    }

    /** Blocks by {@code ?hash=}, not by an index: the agent has none. */
    private void service(Call call) {
        String id = call.rest();
        String hash = call.query().get("hash");
        Service service = agent.service(id);
        if (service != null && shapes.contentHash(service).equals(hash)) {
            reads.park(
                    call,
                    Topic.agentService(id),
                    call.query().waitTime(),
                    () -> Router.answer(call, answered -> answerService(answered, id)));
        } else {
            answerService(call, id);
        }
    }

    private void answerService(Call call, String id) {
        Service service = agent.service(id);
        if (service == null) {
            throw ApiException.of(404, "unknown service ID: " + id);
        }
        String hash = shapes.contentHash(service);
        call.header("X-Consul-Contenthash", hash)
                .json(shapes.agentService(service).put("ContentHash", hash));
    }

    private void register(Call call) {
        ServiceDefinition definition = ServiceReader.serviceDefinition(Fields.of(call.body()), agent.node());
        if (definition.service().id().equals(SelfNode.SERVICE)) {
            throw ApiException.badRequest("Invalid service ID: \"consul\" is the registry's own");
        }
        QueryParams query = call.query();
        String replace = query.get("replace-existing-checks");
        boolean replaces = query.has("replace-existing-checks") && (replace.isEmpty() || replace.equals("true"));
        agent.register(definition, replaces);
        call.empty();
    }

    private void deregister(Call call) {
        if (call.rest().isEmpty()) {
            throw ApiException.of(500, "ServiceID missing");
        }
        // One that is not there is what the client wants; so Consul did until 1.11, and all clients can live with it.
        agent.deregister(call.rest());
        call.empty();
    }

    private void maintenance(Call call) {
        if (call.rest().isEmpty()) {
            throw ApiException.badRequest("Missing service ID");
        }
        boolean enable = call.query().enable();
        Service service = agent.service(call.rest());
        if (service == null) {
            throw ApiException.of(404, "No service registered with ID \"" + call.rest() + "\"");
        }
        agent.serviceMaintenance(service, enable, call.query().get("reason"));
        call.empty();
    }

    private void healthById(Call call) {
        if (call.rest().isEmpty()) {
            throw ApiException.of(500, "Bad request: Missing serviceID");
        }
        Service service = agent.service(call.rest());
        Status status = service == null ? Status.CRITICAL : aggregate(service);
        String reason = service == null ? "ServiceId " + call.rest() + " not found" : status.wire();
        answerHealth(call, service == null ? 404 : code(status), reason, health(service, status), status);
    }

    private void healthByName(Call call) {
        List<Service> services = agent.services().stream()
                .filter(service -> service.name().equals(call.rest()))
                .toList();
        JsonArray all = new JsonArray();
        Status worst = services.isEmpty() ? Status.CRITICAL : Status.PASSING;
        for (Service service : services) {
            Status status = aggregate(service);
            worst = worst.or(status);
            all.add(health(service, status));
        }
        String reason = services.isEmpty() ? "ServiceName " + call.rest() + " Not Found" : worst.wire();
        answerHealth(call, services.isEmpty() ? 404 : code(worst), reason, all, worst);
    }

    private static void answerHealth(Call call, int code, String reason, Object body, Status status) {
        call.status(code).header("X-Consul-Reason", reason);
        if (call.query().get("format").equals("text")) {
            call.text(code, status.wire());
        } else {
            call.json(body);
        }
    }

    private JsonObject health(@Nullable Service service, Status status) {
        JsonArray checks = new JsonArray();
        if (service != null) {
            agent.checksFor(service.id()).forEach(check -> checks.add(shapes.agentCheck(check)));
        }
        return new JsonObject()
                .put("AggregatedStatus", status.wire())
                .put("Service", service == null ? null : shapes.agentService(service))
                .put("Checks", service == null ? null : checks);
    }

    private Status aggregate(Service service) {
        Status worst = Status.PASSING;
        for (Check check : agent.checksFor(service.id())) {
            worst = worst.or(check.status());
        }
        return worst;
    }

    private static int code(Status status) {
        return switch (status) {
            case PASSING -> 200;
            case WARNING -> 429;
            case CRITICAL -> 503;
        };
    }
}
