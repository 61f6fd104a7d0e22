package dev.pointsman.registry.embedded;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that hold locks on keys, with their paths under {@code /v1/session}: what {@code consul lock} needs.
 * Sessions are created with a TTL, renewed and destroyed, and their locks released. They are not bound to checks, and a
 * lock can be taken again at once (no lock delay).
 */
final class Sessions {
    private static final String UNKNOWN = "failed session lookup: index error: UUID must be 36 characters";

    private static final class Session {
        private final JsonObject json;
        private final Duration ttl;
        private Timers.@Nullable PendingTask expiry;

        Session(JsonObject json, Duration ttl) {
            this.json = json;
            this.ttl = ttl;
        }
    }

    private final Indexes indexes;
    private final KvStore store;
    private final Timers timers;
    private final Supplier<String> ids;
    private final String node;
    private final Map<String, Session> sessions = new LinkedHashMap<>();

    /**
     * No session yet.
     *
     * @param ids gives a new UUID each time
     */
    Sessions(Indexes indexes, KvStore store, Timers timers, Supplier<String> ids, String node) {
        this.indexes = indexes;
        this.store = store;
        this.timers = timers;
        this.ids = ids;
        this.node = node;
    }

    void addTo(Router router) {
        router.put("/v1/session/create", this::create)
                .put("/v1/session/destroy/", call -> {
                    require(call.rest());
                    end(call.rest());
                    call.json(true);
                })
                .put("/v1/session/renew/", this::renew)
                .get("/v1/session/", call -> {
                    throw ApiException.of(501, "the embedded registry does not list sessions");
                });
    }

    /** The same id, if there is such a session. */
    String require(String id) {
        if (!sessions.containsKey(id)) {
            throw ApiException.of(500, id.length() == 36 ? "invalid session \"" + id + "\"" : UNKNOWN);
        }
        return id;
    }

    private void create(ApiCall call) {
        LenientJson fields = call.body().length() == 0 ? LenientJson.none() : LenientJson.of(call.body());
        Duration ttl = fields.duration("TTL");
        String behavior = fields.string("Behavior");
        String id = ids.get();
        Session session = new Session(
                new JsonObject()
                        .put("ID", id)
                        .put("Name", fields.string("Name"))
                        .put("Node", node)
                        .put("LockDelay", 0)
                        .put("Behavior", behavior.isEmpty() ? "release" : behavior)
                        .put("TTL", fields.string("TTL"))
                        .put("NodeChecks", new JsonArray().add(Catalog.SERF_HEALTH))
                        .put("ServiceChecks", null)
                        .put("CreateIndex", indexes.current())
                        .put("ModifyIndex", indexes.current()),
                ttl);
        sessions.put(id, session);
        expireLater(id, session);
        call.json(new JsonObject().put("ID", id));
    }

    private void renew(ApiCall call) {
        Session session = sessions.get(call.rest());
        if (session == null) {
            throw ApiException.of(404, "Session id '" + call.rest() + "' not found");
        }
        expireLater(call.rest(), session);
        call.json(new JsonArray().add(session.json));
    }

    private void expireLater(String id, Session session) {
        if (session.expiry != null) {
            session.expiry.cancel();
        }
        if (!session.ttl.isZero()) {
            // Consul too gives a session up to twice its time.
            session.expiry = timers.in(session.ttl.multipliedBy(2), () -> end(id));
        }
    }

    private void end(String id) {
        Session session = sessions.remove(id);
        if (session != null) {
            if (session.expiry != null) {
                session.expiry.cancel();
            }
            store.endSession(id, "delete".equals(session.json.getString("Behavior")));
        }
    }
}
