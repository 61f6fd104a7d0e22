package dev.pointsman.balancer;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What a process knows and nothing else tells, in the form in which the one that takes its place gets it. The two may be of different
 * versions: what one of them does not know is left out.
 *
 * @param services what the registry last said, as {@link RegistryConnection#known} has it
 * @param served the targets that have instances
 * @param clients how many connections of clients are admitted at a time
 * @param kv what counts of the registry's keys, as {@link RegistryRoutes#legacy} has it
 * @param drained as {@link DrainedInstances#legacy} has it
 * @param canaries as {@link RememberedCanaries#legacy} has it
 * @param routes as {@link AdminRouting#legacy} has it; null where no process was before
 */
record Legacy(
        @Nullable String services,
        JsonArray served,
        int clients,
        JsonObject kv,
        JsonArray drained,
        JsonObject canaries,
        @Nullable String routes) {
    private static final String SERVICES = "services";
    private static final String SERVED = "served";
    private static final String CLIENTS = "clients";
    private static final String KV = "kv";
    private static final String DRAINED = "drained";
    private static final String CANARIES = "canaries";
    private static final String ROUTES = "routes";

    /** That of the process before; an empty one where there was none. */
    static Legacy of(@Nullable Predecessor predecessor) {
        JsonObject json = predecessor == null ? new JsonObject() : predecessor.legacy();
        return new Legacy(
                json.getString(SERVICES),
                json.getJsonArray(SERVED, new JsonArray()),
                json.getInteger(CLIENTS, 0),
                json.getJsonObject(KV, new JsonObject()),
                json.getJsonArray(DRAINED, new JsonArray()),
                json.getJsonObject(CANARIES, new JsonObject()),
                json.getString(ROUTES));
    }

    JsonObject toJson() {
        return new JsonObject()
                .put(SERVICES, services)
                .put(SERVED, served)
                .put(CLIENTS, clients)
                .put(KV, kv)
                .put(DRAINED, drained)
                .put(CANARIES, canaries)
                .put(ROUTES, routes);
    }
}
