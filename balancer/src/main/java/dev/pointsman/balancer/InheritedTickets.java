package dev.pointsman.balancer;

import dev.pointsman.balancer.tls.TicketSecrets;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of session tickets in what a process leaves to the one that takes its place, so that clients resume their sessions there. They
 * go through a socket that only the same user can open, and are written nowhere.
 */
final class InheritedTickets {
    private static final String TICKETS = "tickets";

    private InheritedTickets() {}

    /** Those of the process before; null where it left none. */
    static @Nullable TicketSecrets of(JsonObject legacy) {
        return TicketSecrets.of(
                legacy.getJsonArray(TICKETS, new JsonArray()).stream()
                        .map(Object::toString)
                        .toList(),
                new SecureRandom());
    }

    /** A legacy with these in it. */
    static JsonObject added(JsonObject legacy, TicketSecrets secrets) {
        return legacy.copy().put(TICKETS, new JsonArray(secrets.texts()));
    }
}
