package dev.pointsman.balancer.proxy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Closes connections that do not bring a complete request head in time: someone who opens a connection and trickles
 * octets into it holds a place that others need. Counts from a connection's start to its first request; after that the
 * idle time-out watches over it. For one event loop.
 */
final class HeadDeadline {
    private final Vertx vertx;
    private final long millis;
    private final Map<HttpConnection, Long> timers = new HashMap<>();

    HeadDeadline(Vertx vertx, Duration limit) {
        this.vertx = vertx;
        this.millis = limit.toMillis();
    }

    void watch(HttpConnection connection) {
        timers.put(connection, vertx.setTimer(millis, fired -> {
            timers.remove(connection);
            connection.close();
        }));
    }

    void met(HttpConnection connection) {
        Long timer = timers.remove(connection);
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
    }
}
