package dev.pointsman.client.internal.call;

import io.vertx.core.http.HttpConnection;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * The connections that have carried a request whole, by which a later one knows that it is not on a fresh one, and that the other
 * side may have closed it in the meantime. Thread-safe.
 */
final class ConnectionUses {
    /** By identity, as connections have no other equality; weak, as Vert.x does not tell of each one that ends. */
    private final Set<HttpConnection> used =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /** Notes that a response on it was received whole. */
    void used(HttpConnection connection) {
        used.add(connection);
    }

    boolean isReused(HttpConnection connection) {
        return used.contains(connection);
    }
}
