package dev.pointsman.registry.consul.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.RegistryException.Kind;
import io.vertx.core.buffer.Buffer;

/** A reader of what an agent says of itself. */
public final class AgentJson {
    private AgentJson() {}

    /** The datacenter in a response of {@code /v1/agent/self}. */
    public static String datacenter(Buffer body) throws RegistryException {
        return required(ConsulJson.read(body.getBytes()).path("Config").path("Datacenter"));
    }

    /** The first datacenter in a response of {@code /v1/catalog/datacenters}, which begins with the nearest one. */
    public static String nearestDatacenter(Buffer body) throws RegistryException {
        return required(ConsulJson.read(body.getBytes()).path(0));
    }

    private static String required(JsonNode name) throws RegistryException {
        if (!name.isTextual() || name.textValue().isEmpty()) {
            throw new RegistryException(Kind.MALFORMED, "the response names no datacenter");
        }
        return name.textValue();
    }
}
