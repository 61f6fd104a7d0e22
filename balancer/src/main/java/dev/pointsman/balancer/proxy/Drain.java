package dev.pointsman.balancer.proxy;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.TimeUnit;

/**
 * Taking leave of clients: from the moment the balancer is about to stop, every answer tells its client to open no
 * further request on this connection, so that none is lost when it closes. Thread-safe.
 */
public final class Drain {
    private volatile boolean draining;

    /** From now on, connections end with the answer they carry. */
    public void begin() {
        draining = true;
    }

    void answer(HttpServerResponse response) {
        if (draining && !response.headWritten()) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
    }

    void ended(HttpServerRequest request) {
        if (draining && request.response().headers().contains(HttpHeaders.CONNECTION, HttpHeaders.CLOSE, true)) {
            request.connection().shutdown(1, TimeUnit.SECONDS);
        }
    }
}
