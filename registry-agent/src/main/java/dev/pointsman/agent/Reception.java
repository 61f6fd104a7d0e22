package dev.pointsman.agent;

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
 * Takes every request: answers the registry's check, hands the rest to the service's own handler, and sends clients away
 * once the service is leaving.
 */
final class Reception implements Handler<HttpServerRequest> {
    private static final Logger log = LoggerFactory.getLogger(Reception.class);

    private final String healthPath;
    private final Handler<HttpServerRequest> service;
    /** Each connection's newest request; HTTP/1.1 has one at a time. */
    private final Map<HttpConnection, Visit> newest = new ConcurrentHashMap<>();

    /** A request and where its answer may be touched. */
    private record Visit(HttpServerRequest request, Context context) {}

    private volatile boolean leaving;
    private volatile boolean sendingAway;

    Reception(String healthPath, Handler<HttpServerRequest> service) {
        this.healthPath = healthPath;
        this.service = service;
    }

    /** From now on the health path answers 503. */
    void leave() {
        leaving = true;
    }

    /**
     * From now on every answer that has not begun says {@code Connection: close} (RFC 9112, 9.6), so that clients stop
     * using these connections before they are closed under them.
     */
    void sendAway() {
        sendingAway = true;
        newest.values().forEach(visit -> visit.context()
                .runOnContext(now -> announceClose(visit.request().response())));
    }

    void connected(HttpConnection connection) {
        connection.closeHandler(closed -> newest.remove(connection));
    }

    @Override
    public void handle(HttpServerRequest request) {
        if (isTunnel(request)) {
            // It leaves HTTP, and so its connection's close handler may never be called.
            newest.remove(request.connection());
        } else {
            newest.put(request.connection(), new Visit(request, Vertx.currentContext()));
        }
        if (sendingAway) {
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
                .setStatusCode(leaving ? 503 : 200)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(leaving ? "stopping\n" : "ok\n");
    }

    private static void failed(HttpServerRequest request, Throwable failure) {
        log.error(
                "The service's handler failed on {} {}; the client gets a 500.",
                request.method(),
                request.path(),
                failure);
        HttpServerResponse response = request.response();
        if (response.ended()) {
            return;
        }
        if (response.headWritten()) {
            // Too late for a status: cutting the answer off is the only way to say that it is not whole.
            request.connection().close();
        } else {
            response.setStatusCode(500)
                    .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain")
                    .end("the service failed on this request\n");
        }
    }
}
