package dev.pointsman.registry.embedded;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** The paths under {@code /v1/catalog}: the node and its services, whatever their health. */
final class CatalogApi {
    private final Catalog catalog;
    private final ConsistentReads reads;
    private final ConsulJsonWriter writer;
    private final String datacenter;

    CatalogApi(Catalog catalog, ConsistentReads reads, ConsulJsonWriter writer, String datacenter) {
        this.catalog = catalog;
        this.reads = reads;
        this.writer = writer;
        this.datacenter = datacenter;
    }

    void addTo(Router router) {
        router.get("/v1/catalog/datacenters", call -> call.json(new JsonArray().add(datacenter)))
                .get("/v1/catalog/nodes", this::nodes)
                .get("/v1/catalog/node/", this::node)
                .get("/v1/catalog/node-services/", this::nodeServices)
                .get("/v1/catalog/services", this::services)
                .get("/v1/catalog/service/", call -> service(call, false))
                .get("/v1/catalog/connect/", call -> service(call, true));
    }

    private void nodes(ApiCall call) {
        reads.consistent(call, Topic.NODES, () -> {
            JsonArray nodes = new JsonArray();
            return reads.isNodeWanted(call.query()) ? nodes.add(writer.node()) : nodes;
        });
    }

    private void node(ApiCall call) {
        String name = named(call, "Missing node name");
        reads.consistent(call, Topic.node(name), () -> {
            JsonObject services = new JsonObject();
            catalog.services().forEach(service -> services.put(service.id(), writer.service(service)));
            return withNode(name, services);
        });
    }

    /** The same with a list of services, for clients of Consul 1.7 and later. */
    private void nodeServices(ApiCall call) {
        String name = named(call, "Missing node name");
        reads.consistent(call, Topic.node(name), () -> {
            JsonArray services = new JsonArray();
            catalog.services().forEach(service -> services.add(writer.service(service)));
            return withNode(name, services);
        });
    }

    private @Nullable JsonObject withNode(String name, Object services) {
        return catalog.isNode(name)
                ? new JsonObject().put("Node", writer.node()).put("Services", services)
                : null;
    }

    private void services(ApiCall call) {
        reads.consistent(call, Topic.SERVICES, () -> {
            JsonObject services = new JsonObject();
            if (reads.isNodeWanted(call.query())) {
                catalog.tagsByService()
                        .forEach((name, tags) -> services.put(name, new JsonArray(new ArrayList<>(tags))));
            }
            return services;
        });
    }

    private void service(ApiCall call, boolean connectOnly) {
        String name = named(call, "Missing service name");
        reads.consistent(call, Topic.service(name), () -> {
            JsonArray services = new JsonArray();
            for (Catalog.CheckedService entry : catalog.instances(name)) {
                if (reads.isWanted(entry.service(), call.query(), connectOnly)) {
                    services.add(writer.catalogService(entry.service()));
                }
            }
            return services;
        });
    }

    static String named(ApiCall call, String otherwise) {
        if (call.rest().isEmpty()) {
            throw ApiException.badRequest(otherwise);
        }
        return call.rest();
    }
}
