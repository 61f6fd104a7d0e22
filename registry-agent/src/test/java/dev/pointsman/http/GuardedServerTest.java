package dev.pointsman.http;

import static java.util.concurrent.CompletableFuture.delayedExecutor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A port beside the data plane's, seen from a socket. The handler responds with the request's path and body. */
class GuardedServerTest {
    private static final PortLimits LIMITS =
            new PortLimits(4096, 1000, 3, Duration.ofMillis(600), Duration.ofMillis(800), Duration.ofMillis(1500));

    private final Vertx vertx = Vertx.vertx();
    private final List<HttpServerRequest> held = new CopyOnWriteArrayList<>();
    private final List<String> handled = new CopyOnWriteArrayList<>();
    private final List<String> ended = new CopyOnWriteArrayList<>();
    private int port;

    @BeforeEach
    void listen() throws Exception {
        HttpServer server = GuardedServer.create(
                vertx,
                new HttpServerOptions().setCompressionSupported(true),
                LIMITS,
                new CallerRule("127.0.0.1", List.of()),
                GuardedServer.RefusalForm.TEXT);
        port = server.requestHandler(this::handle)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(15, TimeUnit.SECONDS)
                .actualPort();
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(15, TimeUnit.SECONDS);
    }

    private void handle(HttpServerRequest request) {
        if (request.path().equals("/early")) {
            request.response().setStatusCode(405).end("early");
            return;
        }
        Buffer body = Buffer.buffer();
        request.handler(body::appendBuffer);
        request.endHandler(end -> {
            handled.add(request.path());
            if (request.path().equals("/held")) {
                held.add(request);
            } else if (request.path().equals("/huge")) {
                request.response().end(Buffer.buffer(new byte[20_000_000]));
            } else {
                request.response().end(request.path() + " " + body);
            }
        });
        request.exceptionHandler(broken -> {});
        request.connection().closeHandler(closed -> ended.add(request.path()));
    }

    @Test
    void a_field_that_only_looks_like_content_length_frames_nothing() throws Exception {
        try (Client client = new Client()) {
            client.send("GET /one HTTP/1.1~Host: 127.0.0.1~Content-Xength: 50~~GET /two HTTP/1.1~Host: 127.0.0.1~~");
            client.send("GET /three HTTP/1.1~Host: 127.0.0.1~Connection: close~~");

            assertThat(client.readAll()).containsSubsequence("/one", "/two", "/three");
        }
    }

    @Test
    void a_response_that_was_given_before_a_body_was_too_large_arrives() throws Exception {
        try (Client client = new Client()) {
            client.send("POST /early HTTP/1.1~Host: localhost~Transfer-Encoding: chunked~~7d0~" + "x".repeat(2000)
                    + "~0~~");

            assertThat(client.readAll()).startsWith("HTTP/1.1 405 ").endsWith("early");
        }
    }

    @Test
    void requests_on_one_connection_get_their_responses_in_order() throws Exception {
        try (Client client = new Client()) {
            client.send("POST /one HTTP/1.1~Host: localhost~Content-Length: 3~~abc");
            client.send("POST /two HTTP/1.1~Host: [::1]:1~Transfer-Encoding: chunked~~2~de~0~~");
            client.send("GET /three HTTP/1.1~Host: 127.0.0.1:8500~Connection: close~~");

            assertThat(client.readAll()).containsSubsequence("/one abc", "/two de", "/three");
        }
    }

    @ParameterizedTest(name = "{1}: {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "GARBAGE~~ | 400",
                "GET  / HTTP/1.1~Host: localhost~~ | 400",
                "GET / HTTP/1.1~~ | 400",
                "GET / HTTP/1.1~Host: localhost~Host: localhost~~ | 400",
                "GET / HTTP/1.1~Host: a b~~ | 400",
                "GET / HTTP/1.1~Host: localhost~: x~~ | 400",
                "GET / HTTP/1.1~Host: localhost~X : x~~ | 400",
                "POST / HTTP/1.1~Host: localhost~Content-Length: 1~Content-Length: 2~~ab | 400",
                "POST / HTTP/1.1~Host: localhost~Content-Length: 1~Transfer-Encoding: chunked~~0~~ | 400",
                "POST / HTTP/1.1~Host: localhost~Transfer-Encoding: gzip, chunked~~0~~ | 501",
                "POST / HTTP/1.1~Host: localhost~Transfer-Encoding: chunked~~zz~~ | 400",
                "GET / HTTP/2.0~Host: localhost~~ | 505",
                "POST / HTTP/1.1~Host: localhost~Content-Length: 1001~~ | 413",
            })
    void what_is_not_plain_http_is_refused_in_one_sentence(String request, int status) throws Exception {
        try (Client client = new Client()) {
            client.send(request + "GET /smuggled HTTP/1.1~Host: localhost~~");

            String response = client.readAll();

            assertThat(response).startsWith("HTTP/1.1 " + status + " ").contains("Connection: close");
            assertThat(response.substring(response.indexOf("\r\n\r\n") + 4)).startsWith(status + " ");
            assertThat(handled).isEmpty();
        }
    }

    @Test
    void a_head_beyond_the_limit_is_too_large_and_a_line_too_long() throws Exception {
        try (Client fields = new Client();
                Client line = new Client()) {
            fields.send("GET / HTTP/1.1~Host: localhost~X: " + "a".repeat(5000) + "~~");
            line.send("GET /" + "a".repeat(5000) + " HTTP/1.1~Host: localhost~~");

            assertThat(fields.readAll()).startsWith("HTTP/1.1 431 ");
            assertThat(line.readAll()).startsWith("HTTP/1.1 414 ");
        }
    }

    @Test
    void a_body_that_turns_out_to_be_too_large_is_refused_and_the_client_can_read_so() throws Exception {
        try (Client client = new Client()) {
            client.send("POST / HTTP/1.1~Host: localhost~Transfer-Encoding: chunked~~");
            for (int i = 0; i < 20; i++) {
                client.send("100~" + "a".repeat(256) + "~");
            }

            assertThat(client.readAll()).startsWith("HTTP/1.1 413 ").contains("the request body is too large");
            assertThat(handled).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"G", "GET / HTTP/1.1~", "GET / HTTP/1.1~Host: localhost~", "GET / HTTP/1.1~Ho"})
    void half_a_head_is_not_waited_for(String half) throws Exception {
        try (Client client = new Client()) {
            client.send(half);

            assertThat(client.readAll())
                    .startsWith("HTTP/1.1 408 ")
                    .contains("the request head did not arrive in time");
        }
    }

    @Test
    void nor_is_one_that_drips_line_by_line() throws Exception {
        try (Client client = new Client()) {
            client.send("GET / HTTP/1.1~");
            Thread dripping = new Thread(() -> {
                try {
                    while (true) {
                        client.send("X: y~");
                        CompletableFuture.runAsync(() -> {}, delayedExecutor(50, TimeUnit.MILLISECONDS))
                                .join();
                    }
                } catch (IOException closed) {
                    // as it should be
                }
            });
            dripping.start();

            assertThat(client.readAll()).startsWith("HTTP/1.1 408 ");
            dripping.interrupt();
            dripping.join();
        }
    }

    @Test
    void half_a_head_behind_a_request_is_not_waited_for_either() throws Exception {
        try (Client client = new Client()) {
            client.send("GET /one HTTP/1.1~Host: localhost~~GET /two HTTP/1.1~Host: localhost~");

            assertThat(client.readAll()).containsSubsequence("/one", "HTTP/1.1 408 ");
        }
    }

    @Test
    void a_body_that_does_not_arrive_is_not_waited_for() throws Exception {
        try (Client client = new Client()) {
            client.send("POST / HTTP/1.1~Host: localhost~Content-Length: 9~~abc");

            assertThat(client.readAll())
                    .startsWith("HTTP/1.1 408 ")
                    .contains("the request body did not arrive in time");
            assertThat(handled).isEmpty();
        }
    }

    @Test
    void a_connection_without_a_request_is_closed_at_its_start_and_when_it_was_idle() throws Exception {
        try (Client silent = new Client();
                Client used = new Client()) {
            used.send("GET /one HTTP/1.1~Host: localhost~~");

            assertThat(silent.readAll()).isEmpty();
            assertThat(used.readAll()).endsWith("/one ");
        }
    }

    @Test
    void a_response_is_waited_for_however_long_it_takes() throws Exception {
        try (Client client = new Client();
                Client meanwhile = new Client()) {
            client.send("GET /held HTTP/1.1~Host: localhost~Connection: close~~");
            meanwhile.send("GET /one HTTP/1.1~Host: localhost~~");
            // All times of the other connection pass.
            assertThat(meanwhile.readAll()).contains("/one");

            held.get(0).response().end("at last");

            assertThat(client.readAll()).endsWith("at last");
        }
    }

    @Test
    void a_client_that_does_not_read_its_response_is_given_up() throws Exception {
        try (Client client = new Client()) {
            client.send("GET /huge HTTP/1.1~Host: localhost~Connection: close~~");
            await().atMost(Duration.ofSeconds(15)).until(() -> !ended.isEmpty());

            assertThat(client.readAll()).hasSizeLessThan(20_000_000);
        }
    }

    @Test
    void a_connection_beyond_the_limit_is_told_so() throws Exception {
        try (Client one = new Client();
                Client two = new Client();
                Client three = new Client()) {
            for (Client client : List.of(one, two, three)) {
                client.send("GET /held HTTP/1.1~Host: localhost~~");
            }
            try (Client four = new Client()) {
                assertThat(four.readAll()).startsWith("HTTP/1.1 503 ").contains("Retry-After: 1");
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "Host: evil.example",
                "Host: evil.example:8500",
                "Host: 127.0.0.1.evil.example",
                "Host: localhost.evil.example",
                "Host: 127.0.0.1~Origin: http://evil.example",
                "Host: 127.0.0.1~Origin: null",
                "Host: 127.0.0.1~Sec-Fetch-Site: cross-site",
            })
    void what_a_web_page_sends_is_refused_and_its_body_never_handled(String fields) throws Exception {
        try (Client client = new Client()) {
            client.send("PUT /register HTTP/1.1~" + fields + "~Content-Length: 2~~{}");

            assertThat(client.readAll()).startsWith("HTTP/1.1 403 ");
            assertThat(handled).isEmpty();
        }
    }

    /** A client's connection. */
    private final class Client implements AutoCloseable {
        private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);

        private Client() throws IOException {
            socket.setSoTimeout(15_000);
        }

        /** Sends a text, in which a tilde is the end of a line. */
        private void send(String text) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(text.replace("~", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        /** All that comes until the server closes the connection; a reset fails the test, but for what it cuts off. */
        private String readAll() throws IOException {
            StringBuilder all = new StringBuilder();
            InputStream in = socket.getInputStream();
            byte[] some = new byte[64 * 1024];
            try {
                for (int read = in.read(some); read >= 0; read = in.read(some)) {
                    all.append(new String(some, 0, read, StandardCharsets.ISO_8859_1));
                }
            } catch (java.net.SocketException reset) {
                assertThat(all).as("before a reset").isNotEmpty();
            }
            return all.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
