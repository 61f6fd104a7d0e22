package dev.pointsman.registry.embedded;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v1/catalog/register} and {@code deregister}: services that no agent looks after, on nodes that have none.
 * Nobody runs their checks; whoever registers them reports them too.
 */
final class ExternalNodes {
    private final Catalog catalog;
    private final String self;

    ExternalNodes(Catalog catalog, String self) {
        this.catalog = catalog;
        this.self = self;
    }

    void addTo(Router router) {
        router.put("/v1/catalog/register", this::register).put("/v1/catalog/deregister", this::deregister);
    }

    private void register(ApiCall call) {
        LenientJson fields = LenientJson.of(call.body());
        String name = node(fields);
        if (fields.string("Address").isEmpty()) {
            throw ApiException.of(500, "Must provide address if SkipNodeUpdate is not set");
        }
        Service service = fields.has("Service") ? service(fields.fields("Service"), name) : null;
        List<Check> checks = checks(fields, name, service);
        if (name.equalsIgnoreCase(self) && isRegistrysOwn(service, checks)) {
            throw ApiException.badRequest("The registry's own service and check are not for others to change");
        }
        if (!name.equalsIgnoreCase(self)) {
            catalog.putNode(asNode(fields, name));
        }
        if (service != null) {
            List<Check> own = checks.stream()
                    .filter(check -> check.serviceId().equals(service.id()))
                    .toList();
            catalog.putService(service, List.of(), false);
            own.forEach(catalog::putCheck);
            checks.removeAll(own);
        }
        checks.forEach(catalog::putCheck);
        call.json(true);
    }

    private void deregister(ApiCall call) {
        LenientJson fields = LenientJson.of(call.body());
        String name = node(fields);
        String service = fields.string("ServiceID");
        String check = fields.string("CheckID");
        boolean own = name.equalsIgnoreCase(self);
        if (!service.isEmpty()) {
            // Consul's agents put back what was deregistered behind their back; ours lets it not happen at all.
            if (!own) {
                catalog.removeService(name, service);
            }
        } else if (!check.isEmpty()) {
            if (!own) {
                catalog.removeCheck(name, check);
            }
        } else if (!own) {
            catalog.removeNode(name);
        }
        call.json(true);
    }

    private static boolean isRegistrysOwn(@Nullable Service service, List<Check> checks) {
        return (service != null && service.id().equals(SelfNode.SERVICE))
                || checks.stream().anyMatch(check -> check.id().equals(Catalog.SERF_HEALTH));
    }

    private static String node(LenientJson fields) {
        if (fields.string("Node").isEmpty()) {
            throw ApiException.of(500, "Must provide node");
        }
        return fields.string("Node");
    }

    private static Node asNode(LenientJson fields, String name) {
        return new Node(
                fields.string("ID"),
                name,
                fields.string("Address"),
                orNull(fields, "TaggedAddresses"),
                orNull(fields, "NodeMeta"),
                0,
                0);
    }

    private static @Nullable Map<String, String> orNull(LenientJson fields, String name) {
        return fields.has(name) ? new LinkedHashMap<>(fields.stringMap(name)) : null;
    }

    private static Service service(LenientJson fields, String node) {
        if (fields.string("Service").isEmpty()) {
            throw ApiException.of(500, "Must provide service name (Service.Service) when registering services");
        }
        return DefinitionReader.service(fields, node, fields.string("Service"));
    }

    private List<Check> checks(LenientJson fields, String node, @Nullable Service service) {
        List<LenientJson> given = new ArrayList<>(fields.list("Checks"));
        if (fields.has("Check")) {
            given.add(fields.fields("Check"));
        }
        List<Check> checks = new ArrayList<>();
        for (LenientJson one : given) {
            checks.add(check(one, node, service));
        }
        return checks;
    }

    private Check check(LenientJson fields, String node, @Nullable Service service) {
        String status = fields.string("Status");
        CheckStatus known = CheckStatus.of(status);
        if (known == null && !status.isEmpty()) {
            throw ApiException.of(500, DefinitionReader.BAD_STATUS);
        }
        String id = fields.string("CheckID");
        String serviceId = fields.string("ServiceID");
        Service of = service != null && service.id().equals(serviceId) ? service : catalog.service(node, serviceId);
        if (of == null && !serviceId.isEmpty()) {
            throw ApiException.of(500, "Missing service registration");
        }
        return new Check(
                node,
                id.isEmpty() ? fields.string("Name") : id,
                fields.string("Name"),
                known == null ? CheckStatus.CRITICAL : known,
                fields.string("Notes"),
                fields.string("Output"),
                serviceId,
                of == null ? "" : of.name(),
                of == null ? List.of() : of.tags(),
                fields.string("Type"),
                0,
                0);
    }
}
