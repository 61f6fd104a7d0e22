package dev.pointsman.registry.embedded;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /v1/catalog}: nodes and services, whatever their health. */
final class CatalogApi {
    private final Catalog catalog;
    private final ConsistentReads reads;
    private final ConsulJsonWriter shapes;
    private final String datacenter;

    CatalogApi(Catalog catalog, ConsistentReads reads, ConsulJsonWriter shapes, String datacenter) {
        this.catalog = catalog;
        this.reads = reads;
        this.shapes = shapes;
        this.datacenter = datacenter;
    }

    void addTo(Router router) {
        router.get("/v1/catalog/datacenters", call -> call.json(new JsonArray().add(datacenter)))
                .get("/v1/catalog/nodes", this::nodes)
                .get("/v1/catalog/node/", this::node)
                .get("/v1/catalog/node-services/", this::nodeServices)
                .get("/v1/catalog/services", this::services)
                .get("/v1/catalog/service/", this::service)
                .get("/v1/catalog/connect/", this::connect);
    }

    private void nodes(ApiCall call) {
        Filter filter = Filter.of(call.query(), Selectors.NODE);
        reads.consistent(call, Topic.NODES, () -> {
            List<String> wanted = reads.nodes(call.query());
            JsonArray nodes = new JsonArray();
            for (Node node : catalog.nodes()) {
                JsonObject json = shapes.node(node);
                if (wanted.contains(node.name()) && filter.test(json)) {
                    nodes.add(json);
                }
            }
            return nodes;
        });
    }

    private void node(ApiCall call) {
        String name = named(call, "Missing node name");
        Filter filter = Filter.of(call.query(), Selectors.SERVICE);
        reads.consistent(call, Topic.node(name), () -> {
            JsonObject services = new JsonObject();
            on(name, filter).forEach(json -> services.put(json.getString("ID"), json));
            return withNode(name, services);
        });
    }

    /** The same with a list of services, for clients of Consul 1.7 and later. */
    private void nodeServices(ApiCall call) {
        String name = named(call, "Missing node name");
        Filter filter = Filter.of(call.query(), Selectors.SERVICE);
        reads.consistent(call, Topic.node(name), () -> withNode(name, new JsonArray(on(name, filter))));
    }

    private List<JsonObject> on(String node, Filter filter) {
        List<JsonObject> services = new ArrayList<>();
        catalog.servicesOn(node).forEach(service -> services.add(shapes.service(service)));
        services.removeIf(json -> !filter.test(json));
        return services;
    }

    private @Nullable JsonObject withNode(String name, Object services) {
        Node node = catalog.node(name);
        return node == null
                ? null
                : new JsonObject().put("Node", shapes.node(node)).put("Services", services);
    }

    private void services(ApiCall call) {
        reads.consistent(call, Topic.SERVICES, () -> {
            JsonObject services = new JsonObject();
            catalog.tagsByService(reads.nodes(call.query()))
                    .forEach((name, tags) -> services.put(name, new JsonArray(new ArrayList<>(tags))));
            return services;
        });
    }

    private void service(ApiCall call) {
        list(call, false);
    }

    private void connect(ApiCall call) {
        list(call, true);
    }

    private void list(ApiCall call, boolean connectOnly) {
        String name = named(call, "Missing service name");
        Filter filter = Filter.of(call.query(), Selectors.CATALOG_SERVICE);
        reads.consistent(call, Topic.service(name), () -> {
            List<String> wanted = reads.nodes(call.query());
            JsonArray services = new JsonArray();
            for (Catalog.Entry entry : catalog.instances(name)) {
                Service service = entry.service();
                JsonObject json = shapes.catalogService(entry.node(), service);
                if (wanted.contains(service.node())
                        && Names.containsAll(service.tags(), call.query().all("tag"))
                        && (!connectOnly || service.connectNative())
                        && filter.test(json)) {
                    services.add(json);
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
