package dev.pointsman.balancer.warmup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.pointsman.balancer.testkit.ScriptedUpstream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients and a service that play to each other. */
class SyntheticLoadTest {
    private SyntheticLoad load;

    @BeforeEach
    void open() throws IOException {
        load = new SyntheticLoad();
    }

    @AfterEach
    void close() {
        load.close();
    }

    @Test
    void clients_ask_over_many_connections_until_it_is_over_and_all_have_their_responses() throws Exception {
        load.begin(load.servicePort());
        await().until(() -> load.exchanges() > 2_000);

        long responded = end();

        assertThat(responded).isEqualTo(load.exchanges()).isGreaterThan(2_000);
    }

    @Test
    void a_response_that_is_no_success_ends_it_with_the_reason() throws Exception {
        try (ScriptedUpstream proxy = ScriptedUpstream.standalone((request, wire) -> wire.respond(502, "no"))) {
            load.begin(proxy.port());

            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(this::failed)
                    .withMessageContaining("HTTP/1.1 502");
        }
    }

    @Test
    void a_proxy_that_is_not_there_ends_it_with_the_reason() throws Exception {
        int free;
        try (ServerSocket briefly = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = briefly.getLocalPort();
        }
        load.begin(free);

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(this::failed)
                .withCauseInstanceOf(ConnectException.class);
    }

    private long end() throws Exception {
        return load.end().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** Failed by itself: only what breaks before the end counts. */
    private long failed() throws Exception {
        await().until(load::isOver);
        return end();
    }
}
