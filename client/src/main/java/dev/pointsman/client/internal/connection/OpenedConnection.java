package dev.pointsman.client.internal.connection;

import io.vertx.core.http.HttpConnection;

/** What a connection to an instance gets when it was opened, whichever pool it is of. */
public final class OpenedConnection {
    private OpenedConnection() {}

    /** Prepares one for its first request. */
    public static void prepare(HttpConnection connection) {
        // The request on it learns of it. Where there is none, it was idle, and its instance has gone: no error, which
        // Vert.x would log for each connection.
        connection.exceptionHandler(broken -> {});
        UnknownInterimResponses.filter(connection);
    }
}
