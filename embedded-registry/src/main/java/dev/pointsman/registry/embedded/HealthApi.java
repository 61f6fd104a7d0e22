package dev.pointsman.registry.embedded;

import io.vertx.core.json.JsonArray;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/** The paths under {@code /v1/health}: services with their checks, and checks by service, state and node. */
final class HealthApi {
    private final Catalog catalog;
    private final ConsistentReads reads;
    private final ConsulJsonWriter writer;

    HealthApi(Catalog catalog, ConsistentReads reads, ConsulJsonWriter writer) {
        this.catalog = catalog;
        this.reads = reads;
        this.writer = writer;
    }

    void addTo(Router router) {
        router.get("/v1/health/service/", call -> service(call, false))
                .get("/v1/health/connect/", call -> service(call, true))
                .get("/v1/health/ingress/", call -> service(call, true))
                .get("/v1/health/checks/", this::serviceChecks)
                .get("/v1/health/state/", this::state)
                .get("/v1/health/node/", this::node);
    }

    private void service(ApiCall call, boolean connectOnly) {
        String name = CatalogApi.named(call, "Missing service name");
        boolean passing = call.query().passing();
        reads.consistent(call, Topic.health(name), () -> {
            JsonArray instances = new JsonArray();
            for (Catalog.CheckedService entry : catalog.instances(name)) {
                if (reads.isWanted(entry.service(), call.query(), connectOnly) && (!passing || isPassing(entry))) {
                    instances.add(writer.instance(entry));
                }
            }
            return instances;
        });
    }

    /** Every check, the node's included: a warning is not passing. */
    private static boolean isPassing(Catalog.CheckedService entry) {
        return entry.checks().stream().allMatch(check -> check.status() == CheckStatus.PASSING);
    }

    private void serviceChecks(ApiCall call) {
        String name = CatalogApi.named(call, "Missing service name");
        checks(call, Topic.serviceChecks(name), () -> catalog.checks().stream()
                .filter(check -> check.serviceName().equalsIgnoreCase(name))
                .toList());
    }

    private void state(ApiCall call) {
        String state = CatalogApi.named(call, "Missing check state");
        checks(call, Topic.CHECKS, () -> catalog.checks().stream()
                .filter(check -> state.equals("any") || check.status().wire().equals(state))
                .toList());
    }

    private void node(ApiCall call) {
        String node = CatalogApi.named(call, "Missing node name");
        checks(call, Topic.nodeChecks(node), () -> catalog.isNode(node) ? catalog.checks() : List.of());
    }

    private void checks(ApiCall call, Topic topic, Supplier<Collection<Check>> source) {
        reads.consistent(
                call, topic, () -> reads.isNodeWanted(call.query()) ? writer.checks(source.get()) : new JsonArray());
    }
}
