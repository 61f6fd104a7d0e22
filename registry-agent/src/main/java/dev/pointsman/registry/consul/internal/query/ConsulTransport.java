package dev.pointsman.registry.consul.internal.query;

import dev.pointsman.registry.OneLine;
import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.RegistryException.Kind;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A way to send requests to one Consul agent, about one datacenter. */
public interface ConsulTransport {
    /** A text as a segment of a path or as a parameter's value, percent-encoded: Consul's names may hold anything. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * The name of the datacenter that every request is about, except those about the agent itself ({@code /v1/agent/}); null for the
     * agent's own.
     */
    @Nullable
    String datacenter();

    /**
     * Begins a GET.
     *
     * @param pathAndQuery percent-encoded, with at least one parameter
     * @param timeout until the response's head is there, counted from when a connection is
     */
    ConsulCall get(String pathAndQuery, Duration timeout);

    /**
     * Begins a PUT.
     *
     * @param pathAndQuery percent-encoded, with at least one parameter
     * @param timeout until the response's head is there, counted from when a connection is
     */
    ConsulCall put(String pathAndQuery, Buffer content, Duration timeout);

    /** Begins a DELETE, see {@link #get}. */
    ConsulCall delete(String pathAndQuery, Duration timeout);

    /**
     * Asks on a new connection whether Consul, and the datacenter, respond at all; completes with any response, fails if there is
     * none within the timeout.
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
         * {@link RegistryException} if there was none.
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
    record ListResponse(int status, @Nullable String index, boolean cutOff, boolean filtered, Buffer body) {
        private static final int LONGEST_ERROR_TEXT = 120;

        /**
         * The failure that a response with another status than 200 is.
         *
         * @param rights what a token needs for the request, as words after "it needs"
         */
        public RegistryException refusal(String rights) {
            String text = body.getString(0, Math.min(body.length(), 1024), StandardCharsets.UTF_8.name());
            String reason = (status + " " + OneLine.of(text, LONGEST_ERROR_TEXT)).strip();
            if (status == 401 || status == 403) {
                return new RegistryException(
                        Kind.REJECTED,
                        reason + ": the ACL token is missing or not good enough (it needs " + rights + ")");
            }
            return new RegistryException(status == 429 || status >= 500 ? Kind.UNAVAILABLE : Kind.REJECTED, reason);
        }
    }
}
