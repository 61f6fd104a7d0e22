package dev.pointsman.registry.embedded;

import dev.pointsman.registry.Weights;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.zip.CRC32;

/** The writer of Consul's JSON: the registry's facts with Consul's fields, in its order, with its nulls. */
final class ConsulJsonWriter {
    private final String datacenter;
    private final Node node;

    ConsulJsonWriter(String datacenter, Node node) {
        this.datacenter = datacenter;
        this.node = node;
    }

    JsonObject node() {
        return nodeFacts()
                .put("Meta", map(node.meta()))
                .put("CreateIndex", node.createIndex())
                .put("ModifyIndex", node.modifyIndex());
    }

    private JsonObject nodeFacts() {
        return new JsonObject()
                .put("ID", node.id())
                .put("Node", node.name())
                .put("Address", node.address())
                .put("Datacenter", datacenter)
                .put("TaggedAddresses", map(node.taggedAddresses()));
    }

    /** A service as {@code /v1/health} and {@code /v1/catalog/node} show it. */
    JsonObject service(Service service) {
        JsonObject json = new JsonObject()
                .put("ID", service.id())
                .put("Service", service.name())
                .put("Tags", new JsonArray(service.tags()))
                .put("Address", service.address());
        if (!service.taggedAddresses().isEmpty()) {
            json.put("TaggedAddresses", taggedAddresses(service));
        }
        return json.put("Meta", service.meta().isEmpty() ? null : map(service.meta()))
                .put("Port", service.port())
                .put("Weights", weights(service.weights()))
                .put("EnableTagOverride", service.enableTagOverride())
                .put("Proxy", proxy())
                .put("Connect", connect(service))
                .put("CreateIndex", service.createIndex())
                .put("ModifyIndex", service.modifyIndex());
    }

    /** A service as its own agent shows it. */
    JsonObject agentService(Service service) {
        JsonObject json = new JsonObject()
                .put("ID", service.id())
                .put("Service", service.name())
                .put("Tags", new JsonArray(service.tags()))
                .put("Meta", map(service.meta()))
                .put("Port", service.port())
                .put("Address", service.address());
        if (!service.taggedAddresses().isEmpty()) {
            json.put("TaggedAddresses", taggedAddresses(service));
        }
        json.put("Weights", weights(service.weights())).put("EnableTagOverride", service.enableTagOverride());
        return service.connectNative() ? json.put("Connect", connect(service)) : json;
    }

    /** Changes whenever the agent's view of the service does: what {@code ?hash=} blocks on. */
    String contentHash(Service service) {
        CRC32 crc = new CRC32();
        crc.update(agentService(service).encode().getBytes(StandardCharsets.UTF_8));
        return String.format("%016x", crc.getValue());
    }

    /** A service with its node, as {@code /v1/catalog/service} shows it. */
    JsonObject catalogService(Service service) {
        JsonObject json = nodeFacts()
                .put("NodeMeta", map(node.meta()))
                .put("ServiceKind", "")
                .put("ServiceID", service.id())
                .put("ServiceName", service.name())
                .put("ServiceTags", new JsonArray(service.tags()))
                .put("ServiceAddress", service.address());
        if (!service.taggedAddresses().isEmpty()) {
            json.put("ServiceTaggedAddresses", taggedAddresses(service));
        }
        return json.put("ServiceWeights", weights(service.weights()))
                .put("ServiceMeta", map(service.meta()))
                .put("ServicePort", service.port())
                .put("ServiceEnableTagOverride", service.enableTagOverride())
                .put("ServiceProxy", proxy())
                .put("ServiceConnect", connect(service))
                .put("CreateIndex", service.createIndex())
                .put("ModifyIndex", service.modifyIndex());
    }

    JsonObject check(Check check) {
        return new JsonObject()
                .put("Node", node.name())
                .put("CheckID", check.id())
                .put("Name", check.name())
                .put("Status", check.status().wire())
                .put("Notes", check.notes())
                .put("Output", check.output())
                .put("ServiceID", check.serviceId())
                .put("ServiceName", check.serviceName())
                .put("ServiceTags", new JsonArray(check.serviceTags()))
                .put("Type", check.type())
                .put("Definition", new JsonObject())
                .put("CreateIndex", check.createIndex())
                .put("ModifyIndex", check.modifyIndex());
    }

    /** A check as its own agent shows it, which knows nothing of the catalog's indexes. */
    JsonObject agentCheck(Check check) {
        return check(check.withIndexes(0, 0));
    }

    /** A check as {@code /v1/agent/health} shows it: without its type, but with a definition, which is empty. */
    JsonObject agentHealthCheck(Check check) {
        return agentCheck(check)
                .put("Type", "")
                .put(
                        "Definition",
                        new JsonObject()
                                .put("Interval", "0s")
                                .put("Timeout", "0s")
                                .put("DeregisterCriticalServiceAfter", "0s")
                                .put("HTTP", "")
                                .put("Header", null)
                                .put("Method", "")
                                .put("Body", "")
                                .put("TLSSkipVerify", false)
                                .put("TCP", ""));
    }

    JsonArray checks(Collection<Check> checks) {
        JsonArray array = new JsonArray();
        checks.forEach(check -> array.add(check(check)));
        return array;
    }

    JsonObject instance(Catalog.CheckedService entry) {
        return new JsonObject()
                .put("Node", node())
                .put("Service", service(entry.service()))
                .put("Checks", checks(entry.checks()));
    }

    JsonObject key(KvStore.KeyValue entry) {
        JsonObject json = new JsonObject()
                .put("LockIndex", entry.lockIndex())
                .put("Key", entry.key())
                .put("Flags", unsigned(entry.flags()))
                // Vert.x would put bytes without padding; Consul pads, and has null for none.
                .put(
                        "Value",
                        !entry.value().hasRemaining()
                                ? null
                                : Base64.getEncoder().encodeToString(bytes(entry.value())));
        if (!entry.session().isEmpty()) {
            json.put("Session", entry.session());
        }
        return json.put("CreateIndex", entry.createIndex()).put("ModifyIndex", entry.modifyIndex());
    }

    /** Flags use all 64 bits: {@code consul lock -n=2} marks its keys with a number beyond the signed ones. */
    private static Number unsigned(long flags) {
        return flags >= 0 ? flags : new BigInteger(Long.toUnsignedString(flags));
    }

    static byte[] bytes(ByteBuffer value) {
        byte[] bytes = new byte[value.remaining()];
        value.duplicate().get(bytes);
        return bytes;
    }

    static JsonObject map(Map<String, String> map) {
        JsonObject json = new JsonObject();
        map.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> json.put(entry.getKey(), entry.getValue()));
        return json;
    }

    private static JsonObject taggedAddresses(Service service) {
        JsonObject json = new JsonObject();
        service.taggedAddresses().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> json.put(
                        entry.getKey(),
                        new JsonObject()
                                .put("Address", entry.getValue().address())
                                .put("Port", entry.getValue().port())));
        return json;
    }

    private static JsonObject weights(Weights weights) {
        return new JsonObject().put("Passing", weights.passing()).put("Warning", weights.warning());
    }

    private static JsonObject proxy() {
        return new JsonObject().put("MeshGateway", new JsonObject()).put("Expose", new JsonObject());
    }

    private static JsonObject connect(Service service) {
        return service.connectNative() ? new JsonObject().put("Native", true) : new JsonObject();
    }
}
