package dev.pointsman.registry.embedded;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Supplier;

/** {@code /v1/health}: what the checks say. */
final class HealthApi {
    private final Catalog catalog;
    private final ConsistentReads reads;
    private final ConsulJsonWriter shapes;

    HealthApi(Catalog catalog, ConsistentReads reads, ConsulJsonWriter shapes) {
        this.catalog = catalog;
        this.reads = reads;
        this.shapes = shapes;
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
        Filter filter = Filter.of(call.query(), Selectors.INSTANCE);
        reads.consistent(call, Topic.health(name), () -> {
            List<String> wanted = reads.nodes(call.query());
            JsonArray instances = new JsonArray();
            for (Catalog.Entry entry : catalog.instances(name)) {
                Service service = entry.service();
                if (wanted.contains(service.node())
                        && Names.containsAll(service.tags(), call.query().all("tag"))
                        && (!passing || isPassing(entry))
                        && (!connectOnly || service.connectNative())) {
                    JsonObject json = shapes.instance(entry);
                    if (filter.test(json)) {
                        instances.add(json);
                    }
                }
            }
            return instances;
        });
    }

    /** Every check, the node's included: a warning is not passing. */
    private static boolean isPassing(Catalog.Entry entry) {
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
        checks(call, Topic.nodeChecks(node), () -> List.copyOf(catalog.checksOn(node)));
    }

    private void checks(ApiCall call, Topic topic, Supplier<List<Check>> source) {
        Filter filter = Filter.of(call.query(), Selectors.CHECK);
        reads.consistent(call, topic, () -> {
            List<String> wanted = reads.nodes(call.query());
            JsonArray checks = new JsonArray();
            for (Check check : source.get()) {
                JsonObject json = shapes.check(check);
                if (wanted.contains(check.node()) && filter.test(json)) {
                    checks.add(json);
                }
            }
            return checks;
        });
    }
}
