package dev.pointsman.registry.consul.internal.json;

import dev.pointsman.registry.RegistryException;
import io.vertx.core.buffer.Buffer;
import java.util.Set;

/** A reader of {@code /v1/catalog/node/:node}: the services that are registered on a node. */
public final class CatalogNode {
    private CatalogNode() {}

    /**
     * Whether the node is there, and none of these ids is registered on it. A node that is unknown, or that the token may not read,
     * says nothing of its services.
     *
     * @throws RegistryException if the response is not JSON
     */
    public static boolean listsNoneOf(Buffer body, Set<String> ids) throws RegistryException {
        var services = ConsulJson.read(body.getBytes()).path("Services");
        return services.isObject() && ids.stream().noneMatch(services::has);
    }
}
