package dev.pointsman.registry.embedded;

import io.vertx.core.json.JsonObject;

/** The paths under {@code /v1/agent/check} and {@code /v1/agent/checks}: checks, and the heartbeats of TTL checks. */
final class AgentCheckApi {
    private final LocalAgent agent;
    private final ConsulJsonWriter writer;

    AgentCheckApi(LocalAgent agent, ConsulJsonWriter writer) {
        this.agent = agent;
        this.writer = writer;
    }

    void addTo(Router router) {
        router.get("/v1/agent/checks", this::checks)
                .put("/v1/agent/check/register", this::register)
                .put("/v1/agent/check/deregister/", this::deregister)
                .put("/v1/agent/check/pass/", call -> heartbeat(call, CheckStatus.PASSING))
                .put("/v1/agent/check/warn/", call -> heartbeat(call, CheckStatus.WARNING))
                .put("/v1/agent/check/fail/", call -> heartbeat(call, CheckStatus.CRITICAL))
                .put("/v1/agent/check/update/", this::update);
    }

    private void checks(ApiCall call) {
        JsonObject checks = new JsonObject();
        agent.allChecks().forEach(check -> checks.put(check.id(), writer.agentCheck(check)));
        call.json(checks);
    }

    private void register(ApiCall call) {
        CheckDefinition check = DefinitionReader.check(LenientJson.of(call.body()));
        if (check.name().isEmpty()) {
            throw ApiException.badRequest("Missing check name");
        }
        if (!check.serviceId().isEmpty() && agent.service(check.serviceId()) == null) {
            throw ApiException.of(500, "ServiceID \"" + check.serviceId() + "\" does not exist");
        }
        agent.register(check.named(check.id().isEmpty() ? check.name() : check.id(), check.name(), check.serviceId()));
        call.empty();
    }

    private void deregister(ApiCall call) {
        if (call.rest().isEmpty()) {
            throw ApiException.of(500, "CheckID missing");
        }
        if (call.rest().equals(Catalog.SERF_HEALTH)) {
            throw ApiException.badRequest("Check \"serfHealth\" is the registry's own");
        }
        agent.deregisterCheck(call.rest());
        call.empty();
    }

    private void update(ApiCall call) {
        LenientJson fields = LenientJson.of(call.body());
        String given = fields.string("Status");
        CheckStatus status = CheckStatus.of(given);
        if (status == null) {
            throw ApiException.badRequest("Invalid check status: '" + given + "'");
        }
        heartbeat(call, status, fields.string("Output"));
    }

    private void heartbeat(ApiCall call, CheckStatus status) {
        heartbeat(call, status, call.query().get("note"));
    }

    private void heartbeat(ApiCall call, CheckStatus status, String output) {
        if (agent.check(call.rest()) == null) {
            // What Consul says since 1.11.2. Before, it was the 500 below; clients take either for "register again".
            throw ApiException.of(
                    404,
                    "Unknown check ID \"" + call.rest()
                            + "\". Ensure that the check ID is passed, not the check name.");
        }
        if (!agent.heartbeat(call.rest(), status, output)) {
            throw ApiException.of(500, "CheckID \"" + call.rest() + "\" does not have associated TTL");
        }
        call.empty();
    }
}
