package dev.pointsman.http;

import dev.pointsman.registry.OneLine;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The maker of HTTP servers for ports beside the data plane's, such as an admin API's: read by {@link RequestDecoder},
 * within {@link PortLimits}, for those that {@link CallerRule} lets call. A handler gets what has passed all of it.
 */
public final class GuardedServer {
    private static final Logger log = LoggerFactory.getLogger(GuardedServer.class);

    private GuardedServer() {}

    /** The form of the responses to what is refused. */
    public enum RefusalForm {
        /** The status and the sentence, as plain text. */
        TEXT,
        /** An object with the sentence as {@code error}. */
        JSON
    }

    /**
     * A server without a request handler, that does not listen yet. Its connection handler is taken.
     *
     * @param options may be changed: what the limits say overrules them
     */
    public static HttpServer create(
            Vertx vertx, HttpServerOptions options, PortLimits limits, CallerRule callers, RefusalForm form) {
        options.setMaxInitialLineLength(limits.maxHead())
                .setMaxHeaderSize(limits.maxHead())
                // Its first bytes would be read by another decoder.
                .setHttp2ClearTextEnabled(false);
        AtomicInteger connections = new AtomicInteger();
        return vertx.createHttpServer(options).connectionHandler(connection -> {
            // The client may be killed; without this, Vert.x logs each connection that it leaves broken as an error.
            connection.exceptionHandler(
                    broken -> log.debug("{}: {}", connection.remoteAddress(), OneLine.of(broken.toString())));
            ConnectionGuard guard = new ConnectionGuard(
                    ((ConnectionBase) connection).channel(), limits, callers, form, System::nanoTime);
            guard.install(options);
            connections.incrementAndGet();
            guard.onClose(connections::decrementAndGet);
            if (connections.get() > limits.maxConnections()) {
                guard.refuse(PortRefusal.TOO_MANY_CONNECTIONS);
            }
        });
    }
}
