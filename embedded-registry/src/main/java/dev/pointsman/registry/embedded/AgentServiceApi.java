package dev.pointsman.registry.embedded;

import io.vertx.core.json.JsonObject;

/** The paths under {@code /v1/agent/service} and {@code /v1/agent/services}: registration, lookup, maintenance. */
final class AgentServiceApi {
    private final LocalAgent agent;
    private final ConsistentReads reads;
    private final ConsulJsonWriter writer;

    AgentServiceApi(LocalAgent agent, ConsistentReads reads, ConsulJsonWriter writer) {
        this.agent = agent;
        this.reads = reads;
        this.writer = writer;
    }

    void addTo(Router router) {
        router.get("/v1/agent/services", this::services)
                .get("/v1/agent/service/", this::service)
                .put("/v1/agent/service/register", this::register)
                .put("/v1/agent/service/deregister/", this::deregister)
                .put("/v1/agent/service/maintenance/", this::maintenance);
    }

    private void services(ApiCall call) {
        JsonObject services = new JsonObject();
        agent.services().forEach(service -> services.put(service.id(), writer.agentService(service)));
        call.json(services);
    }

    /** Blocks by {@code ?hash=}, not by an index: the agent has none. */
    private void service(ApiCall call) {
        String id = call.rest();
        String hash = call.query().get("hash");
        Service service = agent.service(id);
        if (service != null && writer.contentHash(service).equals(hash)) {
            reads.park(
                    call,
                    Topic.agentService(id),
                    call.query().waitTime(),
                    () -> Router.respond(call, () -> respondWithService(call, id)));
        } else {
            respondWithService(call, id);
        }
    }

    private void respondWithService(ApiCall call, String id) {
        Service service = agent.service(id);
        if (service == null) {
            throw ApiException.of(404, "unknown service ID: " + id);
        }
        String hash = writer.contentHash(service);
        call.header("X-Consul-Contenthash", hash)
                .json(writer.agentService(service).put("ContentHash", hash));
    }

    private void register(ApiCall call) {
        DefinitionReader.ServiceDefinition definition = DefinitionReader.serviceDefinition(LenientJson.of(call.body()));
        if (definition.service().id().equals(SelfNode.SERVICE)) {
            throw ApiException.badRequest("Invalid service ID: \"consul\" is the registry's own");
        }
        QueryParams query = call.query();
        String replace = query.get("replace-existing-checks");
        boolean replaces = query.has("replace-existing-checks") && (replace.isEmpty() || replace.equals("true"));
        agent.register(definition, replaces);
        call.empty();
    }

    private void deregister(ApiCall call) {
        if (call.rest().isEmpty()) {
            throw ApiException.of(500, "ServiceID missing");
        }
        // One that is not there is what the client wants; so Consul did until 1.11, and all clients can live with it.
        agent.deregister(call.rest());
        call.empty();
    }

    private void maintenance(ApiCall call) {
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
}
