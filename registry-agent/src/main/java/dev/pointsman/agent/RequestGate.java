package dev.pointsman.agent;

import dev.pointsman.registry.OneLine;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gate in front of a service's handler: responds to health checks itself, passes every other request on, and asks clients
 * to close their connections once the service is stopping.
 */
final class RequestGate implements Handler<HttpServerRequest> {
    private static final Logger log = LoggerFactory.getLogger(RequestGate.class);

    private final String healthPath;
    private final Handler<HttpServerRequest> service;
    /** Each connection's newest request; HTTP/1.1 has one at a time. */
    private final Map<HttpConnection, OpenRequest> newest = new ConcurrentHashMap<>();

    /** A request and the context in which its response may be changed. */
    private record OpenRequest(HttpServerRequest request, Context context) {}

    private volatile boolean stopping;
    private volatile boolean closingConnections;

    RequestGate(String healthPath, Handler<HttpServerRequest> service) {
        this.healthPath = healthPath;
        this.service = service;
    }

    /** From now on the health path responds with 503. */
    void failHealthChecks() {
        stopping = true;
    }

    /**
     * From now on every response that has not begun has {@code Connection: close} (RFC 9112, 9.6), so that clients stop
     * using these connections before they are closed under them.
     */
    void closeConnections() {
        closingConnections = true;
        newest.values().forEach(open -> open.context()
                .runOnContext(now -> announceClose(open.request().response())));
    }

    void connected(HttpConnection connection) {
        connection.closeHandler(closed -> newest.remove(connection));
    }

    @Override
    public void handle(HttpServerRequest request) {
        if (isTunnel(request)) {
            // It is no HTTP connection any more, so its close handler may never be called.
            newest.remove(request.connection());
        } else {
            newest.put(request.connection(), new OpenRequest(request, Vertx.currentContext()));
        }
        if (closingConnections) {
            announceClose(request.response());
        }
        if (request.path() != null && request.path().equals(healthPath)) {
            health(request);
            return;
        }
        try {
            service.handle(request);
        } catch (Throwable e) {
            failed(request, e);
        }
    }

    private static boolean isTunnel(HttpServerRequest request) {
        return request.method().equals(HttpMethod.CONNECT) || request.headers().contains(HttpHeaders.UPGRADE);
    }

    private static void announceClose(HttpServerResponse response) {
        if (!response.headWritten() && !response.ended()) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
    }

    private void health(HttpServerRequest request) {
        request.response()
                .setStatusCode(stopping ? 503 : 200)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(stopping ? "stopping\n" : "ok\n");
    }

    private static void failed(HttpServerRequest request, Throwable failure) {
        log.error(
                "The service's handler failed on {} {}; the client gets a 500.",
                request.method(),
                OneLine.of(String.valueOf(request.path())),
                failure);
        HttpServerResponse response = request.response();
        if (response.ended()) {
            return;
        }
        if (response.headWritten()) {
            // Too late for a status: only closing the connection shows that the response is incomplete.
            request.connection().close();
        } else {
            response.setStatusCode(500)
                    .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain")
                    .end("the service failed on this request\n");
        }
    }
}
