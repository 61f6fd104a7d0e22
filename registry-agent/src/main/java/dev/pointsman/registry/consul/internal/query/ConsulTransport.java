package dev.pointsman.registry.consul.internal.query;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A way to send requests to one Consul agent. */
public interface ConsulTransport {
    /** A text as a segment of a path or as a parameter's value, percent-encoded: Consul's names may hold anything. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * Begins a GET.
     *
     * @param pathAndQuery percent-encoded, with at least one parameter
     * @param timeout until the response's head is there, counted from when a connection is
     */
    ConsulCall get(String pathAndQuery, Duration timeout);

    /**
     * Asks on a new connection whether Consul responds at all; completes with any response, fails if there is none within
     * the timeout.
     */
    Future<Void> knock(Duration timeout);

    /** Gives every connection up and goes on with new ones; calls under way fail. */
    void reconnect();

    /** Closes the connections; calls under way fail. */
    void close();

    /** A request under way. */
    interface ConsulCall {
        /**
         * Completes with any response, whatever its status; fails with a
         * {@link dev.pointsman.registry.RegistryException} if there was none.
         */
        Future<ListResponse> response();

        /** Cancels the request and closes its connection. Idempotent. */
        void cancel();
    }

    /**
     * An HTTP response of Consul, not yet parsed.
     *
     * @param status HTTP's status code
     * @param index the header field {@code X-Consul-Index} as it came, or null
     * @param cutOff whether the server that responded knows no leader, or has not heard of it for long
     * @param filtered whether Consul left something out that the token may not see
     * @param body the content
     */
    record ListResponse(int status, @Nullable String index, boolean cutOff, boolean filtered, Buffer body) {}
}
