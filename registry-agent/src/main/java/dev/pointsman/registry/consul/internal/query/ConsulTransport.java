package dev.pointsman.registry.consul.internal.query;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A way to send requests to one Consul agent. */
public interface ConsulTransport {
    /**
     * Begins a GET.
     *
     * @param pathAndQuery percent-encoded, with at least one parameter
     * @param timeout until the whole response is there, counted from when a connection is
     */
    ConsulCall get(String pathAndQuery, Duration timeout);

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
     * @param lastContactMs the header field {@code X-Consul-LastContact}: for how long the server that responded has not
     *     heard of the leader; 0 where it does not say
     * @param filtered whether Consul left something out that the token may not see
     * @param body the content
     */
    record ListResponse(int status, @Nullable String index, long lastContactMs, boolean filtered, Buffer body) {}
}
