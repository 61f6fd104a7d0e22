package dev.pointsman.agent;

import dev.pointsman.http.RequestDecoder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.net.BindException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An opener of the first free port of a range, which stays open: a port that is only probed may be taken a moment later. */
final class PortOpener {
    /** More than the balancer's own limits (32 KiB and 16 KiB): what passes it, with its headers added, must pass here. */
    private static final int MAX_HEADERS = 64 * 1024;

    private static final int MAX_REQUEST_LINE = 32 * 1024;
    private static final Duration LISTEN_WITHIN = Duration.ofSeconds(10);

    private PortOpener() {}

    /** @throws AgentException when no port of the range can be opened */
    static HttpServer listen(Vertx vertx, String host, PortRange ports, RequestGate gate) throws InterruptedException {
        @Nullable Throwable last = null;
        for (int port : ports.ports().toArray()) {
            try {
                return Await.result(server(vertx, gate).listen(port, host), LISTEN_WITHIN);
            } catch (Await.Failed e) {
                last = e.reason();
                if (!isInUse(last)) {
                    throw new AgentException(
                            "Cannot listen on " + host + ", port " + port + ": " + last.getMessage() + ".", last);
                }
            }
        }
        boolean one = ports.first() == ports.last();
        throw new AgentException(
                (one
                                ? "Port " + ports + " of " + host + " is in use"
                                : "Every port of " + ports + " on " + host + " is in use")
                        + "; stop what uses it, or choose another.",
                last == null ? new BindException() : last);
    }

    private static boolean isInUse(Throwable failure) {
        return failure instanceof BindException
                && String.valueOf(failure.getMessage()).contains("in use");
    }

    private static HttpServer server(Vertx vertx, RequestGate gate) {
        HttpServerOptions options = new HttpServerOptions()
                .setHandle100ContinueAutomatically(true)
                // HTTP/1.1 only: that is what the registry's checks and the balancer speak to services.
                .setHttp2ClearTextEnabled(false)
                .setMaxHeaderSize(MAX_HEADERS)
                .setMaxInitialLineLength(MAX_REQUEST_LINE);
        return vertx.createHttpServer(options)
                .connectionHandler(connection -> {
                    RequestDecoder.installOn(connection, options);
                    gate.connected(connection);
                })
                .requestHandler(gate);
    }
}
