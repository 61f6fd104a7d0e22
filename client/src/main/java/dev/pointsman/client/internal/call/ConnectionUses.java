package dev.pointsman.client.internal.call;

import io.vertx.core.http.HttpConnection;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The times at which connections were last used, by which a request knows whether it is on a fresh one, or on one that may have
 * been closed in the meantime. Thread-safe.
 */
final class ConnectionUses {
    /** A connection that has been idle for longer may have been closed by the other side, and the end not be read yet. */
    private static final long LONG_IDLE = 1_000_000_000L;

    /** By identity, as connections have no other equality; weak, as Vert.x does not tell of each one that ends. */
    private final Map<HttpConnection, Long> lastUsed = Collections.synchronizedMap(new WeakHashMap<>());

    /** Notes that a response on it was received whole. */
    void used(HttpConnection connection, long now) {
        lastUsed.put(connection, now);
    }

    boolean isReused(HttpConnection connection) {
        return lastUsed.containsKey(connection);
    }

    boolean wasIdleForLong(HttpConnection connection, long now) {
        @Nullable Long last = lastUsed.get(connection);
        return last != null && now - last > LONG_IDLE;
    }
}
