package dev.pointsman.registry.consul;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Asks Consul over the network. */
interface Asker {
    /**
     * Begins a GET.
     *
     * @param pathAndQuery percent-encoded, with at least one parameter
     * @param timeout until the whole answer is there, counted from when a connection is
     */
    Call get(String pathAndQuery, Duration timeout);

    /** Gives the connections up; calls under way fail. */
    void close();

    /** One question under way. */
    interface Call {
        /**
         * Completes with any answer, also a refusing one; fails with a {@link dev.pointsman.registry.RegistryException}
         * if there was none.
         */
        Future<Answer> answer();

        /** Gives the question up, and its connection. Idempotent. */
        void cancel();
    }

    /**
     * An HTTP answer.
     *
     * @param status HTTP's status code
     * @param index the header {@code X-Consul-Index} as it came, or null
     * @param lastContactMs the header {@code X-Consul-LastContact}: for how long the server that answered has not heard of the
     *     leader; 0 where it does not say
     * @param filtered whether Consul left something out that the token may not see
     * @param body the body
     */
    record Answer(int status, @Nullable String index, long lastContactMs, boolean filtered, Buffer body) {}
}
