package dev.pointsman.balancer.conformance;

import static dev.pointsman.balancer.conformance.RawMessage.head;
import static java.util.concurrent.CompletableFuture.delayedExecutor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.StrictReader;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Responses to a part of a large request, from upstreams that then read no more of it (RFC 9112, 9.3 and 9.6). */
class EarlyResponseTest {
    private static final int UPLOADS = 8;
    private static final int PIECE = 64 * 1024;
    private static final int PIECES = 64;

    @RegisterExtension
    private final TestProxy proxy = new TestProxy("response-timeout=5s", "idle-timeout=5s");

    @ParameterizedTest(name = "{0}, response of {1} bytes, closed after {2} ms, request {3}")
    @CsvSource({
        "413, 7,      0,   counted",
        "413, 7,      0,   chunked",
        "413, 7,      10,  counted",
        "413, 50000,  0,   counted",
        "401, 0,      1,   chunked",
        "307, 3,      0,   counted",
        "200, 20000,  1,   chunked",
        "503, 5,      0,   counted",
    })
    void a_response_that_was_sent_before_the_connection_was_reset_reaches_the_client(
            int status, int length, int closedAfter, String framing) throws Exception {
        String body = "r".repeat(length);
        // The body that it leaves unread makes its close a reset, which drops what its own kernel has not sent yet: so
        // the longest response here is shorter than the window that a new connection begins with.
        proxy.rawUpstream(wire -> {
            wire.readHead();
            wire.respond(status, body, "Connection: close");
            CompletableFuture.runAsync(() -> {}, delayedExecutor(closedAfter, TimeUnit.MILLISECONDS))
                    .join();
        });

        for (int i = 0; i < UPLOADS; i++) {
            Message response = upload(framing);
            assertThat(response.status()).isEqualTo(status);
            assertThat(response.body().equals(body)).isTrue();
        }
        assertThat(proxy.upstreams().get(0).failures()).isZero();
    }

    @Test
    void a_client_that_is_still_sending_is_told_that_its_connection_ends_as_the_upstreams_does() throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readHead();
            wire.respond(413, "too big", "Connection: close");
        });
        Wire client = proxy.connect();

        client.send(head("POST /x HTTP/1.1", "Host: a", "Content-Length: 100000") + "begun");

        Message response = new StrictReader(client).readResponse("POST");
        assertThat(response.body()).isEqualTo("too big");
        assertThat(response.head().one("connection")).isEqualTo("close");
    }

    @Test
    void of_a_response_that_the_reset_cuts_short_the_client_gets_what_came_and_sees_that_it_is_cut() throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readHead();
            wire.send("HTTP/1.1 413 Too Large\r\nContent-Length: 1000\r\n\r\nbegun");
        });
        Wire client = proxy.connect();
        Thread sending = sending(client, "counted");

        assertThat(client.readHead().status()).isEqualTo(413);
        assertThat(client.read(5)).isEqualTo("begun");
        assertThat(client.ends()).isTrue();
        sending.join();
    }

    @Test
    void a_reset_without_a_response_is_a_bad_gateway_and_the_upload_is_not_sent_again() throws Exception {
        proxy.rawUpstream(Wire::readHead);

        assertThat(upload("counted").status()).isEqualTo(502);
        assertThat(proxy.upstreams().get(0).failures()).isEqualTo(1);
    }

    private Message upload(String framing) throws Exception {
        Wire client = proxy.connect();
        Thread sending = sending(client, framing);
        Message response = new StrictReader(client).readResponse("POST");
        client.close();
        sending.join();
        return response;
    }

    private static Thread sending(Wire client, String framing) {
        Thread sending = new Thread(() -> {
            try {
                send(client, framing.equals("chunked"));
            } catch (IOException stopped) {
                // The proxy wants no more of it.
            }
        });
        sending.start();
        return sending;
    }

    private static void send(Wire client, boolean chunked) throws IOException {
        String field = chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + (long) PIECE * PIECES;
        client.send(head("POST /x HTTP/1.1", "Host: a", field));
        String piece = "x".repeat(PIECE);
        for (int i = 0; i < PIECES; i++) {
            client.send(chunked ? Integer.toHexString(PIECE) + "\r\n" + piece + "\r\n" : piece);
        }
        client.send(chunked ? "0\r\n\r\n" : "");
    }
}
