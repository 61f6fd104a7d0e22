package dev.pointsman.sample;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pointsman.testkit.TestHttp;
import dev.pointsman.testkit.TestHttp.Reply;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SampleHandlerTest {
    private static final String GREETING = "api-service response from 77\n";

    private final Vertx vertx = Vertx.vertx();
    /** Fields, because Vert.x closes a client that nothing refers to any more. */
    private final WebSocketClient webSockets = vertx.createWebSocketClient();

    private final HttpClient client = vertx.createHttpClient();
    private int port;

    @BeforeEach
    void start() throws Exception {
        port = serve(0).actualPort();
    }

    @AfterEach
    void stop() throws Exception {
        get(vertx.close());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api", "/api/anything?at=all", "/slowly", "/status", "/status/1/2", "//"})
    void any_path_responds_with_type_and_pid(String path) {
        Reply reply = http().get(path);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo(GREETING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
    void any_method_responds_too(String method) {
        assertThat(http().send(method, "/api/x", "body", Map.of()).body()).isEqualTo(GREETING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/status/503", "/api/status/503", "/a/b/status/503/"})
    void a_status_is_given_below_any_prefix(String path) {
        assertThat(http().get(path).status()).isEqualTo(503);
    }

    @Test
    void a_service_that_calls_none_says_so_instead_of_a_greeting_for_two() {
        Reply reply = http().get("/api/chain");
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.body())
                .isEqualTo("this api-service calls no other service (expected: one started with --calls TAG)\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/status/204", "/status/304"})
    void statuses_without_a_body_have_none(String path) {
        assertThat(http().get(path).body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/status/100",
                "/status/600",
                "/status/abc",
                "/slow?ms=x",
                "/slow?ms=-1",
                "/slow?ms=600001",
                "/bytes?n=",
                "/bytes?n=1e9",
                "/sse?ms=x",
                "/sse?n=x"
            })
    void a_number_that_is_none_gets_a_400_that_says_what_was_expected(String path) {
        Reply reply = http().get(path);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("(expected: ");
    }

    @Test
    void a_query_that_cannot_be_decoded_gets_a_400_too() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            send(socket, "GET /slow?ms=%zz HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(readHead(socket.getInputStream())).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void slow_responds_no_sooner_than_asked_for() {
        Reply reply = http().get("/api/slow?ms=150");
        assertThat(reply.body()).isEqualTo(GREETING);
        assertThat(reply.took()).isGreaterThanOrEqualTo(Duration.ofMillis(149));
        assertThat(http().get("/slow?ms=0").body()).isEqualTo(GREETING);
    }

    @Test
    void bytes_are_exactly_as_many_as_asked_for_and_none_is_missing() {
        for (int n : new int[] {0, 1, 26 * 1024, 26 * 1024 + 1, 1_000_003}) {
            Reply reply = http().get("/bytes?n=" + n);
            assertThat(reply.header("Content-Length")).isEqualTo(Integer.toString(n));
            assertThat(reply.body()).hasSize(n);
            for (int i = 0; i < n; i++) {
                if (reply.body().charAt(i) != 'a' + i % 26) {
                    throw new AssertionError("byte " + i + " is " + reply.body().charAt(i));
                }
            }
        }
    }

    @Test
    void bytes_wait_for_a_client_that_does_not_read() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            // Far beyond any memory: a service that did not wait for its client would run out of it.
            send(socket, "GET /bytes?n=900000000000000 HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(socket.getInputStream().read(new byte[100])).isPositive();
            for (int i = 0; i < 20; i++) {
                assertThat(http().get("/").body()).isEqualTo(GREETING);
            }
        }
    }

    @Test
    void bytes_of_a_head_request_are_only_counted() {
        Reply reply = http().send("HEAD", "/bytes?n=123456789", null, Map.of());
        assertThat(reply.header("Content-Length")).isEqualTo("123456789");
        assertThat(reply.body()).isEmpty();
    }

    @Test
    void echo_shows_the_request_as_it_arrived() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            send(
                    socket,
                    "POST /api/echo?x=1&x=%20 HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nX-B: 2\r\nx-a: 3\r\n"
                            + "Content-Length: 5\r\nConnection: close\r\n\r\nh\u00e9y!");
            String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            JsonNode json = new ObjectMapper().readTree(response.substring(response.indexOf("\r\n\r\n")));
            assertThat(json.get("type").asText()).isEqualTo("api-service");
            assertThat(json.get("pid").asInt()).isEqualTo(77);
            assertThat(json.get("method").asText()).isEqualTo("POST");
            assertThat(json.get("path").asText()).isEqualTo("/api/echo");
            assertThat(json.get("query").asText()).isEqualTo("x=1&x=%20");
            assertThat(json.get("headers"))
                    .extracting(pair -> pair.get(0).asText() + "=" + pair.get(1).asText())
                    .containsExactly("Host=h", "X-A=1", "X-B=2", "x-a=3", "Content-Length=5", "Connection=close");
            assertThat(json.get("body").asText()).isEqualTo("h\u00e9y!");
            assertThat(json.get("bodyBytes").asInt()).isEqualTo(5);
        }
    }

    @Test
    void a_body_too_long_to_echo_gets_a_413() throws Exception {
        Future<Integer> status = client.request(HttpMethod.POST, port, "127.0.0.1", "/echo")
                .compose(request -> request.send(Buffer.buffer(new byte[17 * 1024 * 1024])))
                .map(response -> response.statusCode());
        assertThat(get(status)).isEqualTo(413);
    }

    @Test
    void events_come_numbered_and_end_when_all_have_come() {
        Reply reply = http().get("/api/sse?ms=1&n=3");
        assertThat(reply.header("Content-Type")).isEqualTo("text/event-stream");
        assertThat(reply.body()).isEqualTo("""
                        id: 1
                        data: api-service response from 77

                        id: 2
                        data: api-service response from 77

                        id: 3
                        data: api-service response from 77

                        """);
        assertThat(http().get("/sse?n=0").body()).isEmpty();
    }

    @Test
    void the_head_of_an_event_stream_comes_before_its_first_event() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            send(socket, "GET /sse?ms=600000 HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(readHead(socket.getInputStream())).startsWith("HTTP/1.1 200 OK");
        }
    }

    @Test
    void a_web_socket_gets_back_text_and_bytes_as_they_were() throws Exception {
        WebSocket socket = get(webSockets.connect(port, "127.0.0.1", "/api/ws"));
        CompletableFuture<String> text = new CompletableFuture<>();
        CompletableFuture<Integer> bytes = new CompletableFuture<>();
        socket.textMessageHandler(text::complete);
        socket.binaryMessageHandler(message -> bytes.complete(message.length()));
        get(socket.writeTextMessage("h\u00e9llo"));
        get(socket.writeBinaryMessage(Buffer.buffer(new byte[200_000])));
        assertThat(text.get(10, TimeUnit.SECONDS)).isEqualTo("h\u00e9llo");
        assertThat(bytes.get(10, TimeUnit.SECONDS)).isEqualTo(200_000);
    }

    @Test
    void a_plain_request_for_the_web_socket_is_told_to_upgrade() {
        assertThat(http().get("/ws").status()).isEqualTo(426);
    }

    @Test
    void when_the_service_drains_web_sockets_are_told_and_event_streams_end() throws Exception {
        HttpServer server = serve(0);
        WebSocket socket = get(webSockets.connect(server.actualPort(), "127.0.0.1", "/ws"));
        CompletableFuture<Void> closed = new CompletableFuture<>();
        socket.closeHandler(closed::complete);
        try (Socket events = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
            send(events, "GET /sse?ms=600000 HTTP/1.1\r\nHost: x\r\n\r\n");
            readHead(events.getInputStream());

            get(server.shutdown(50, TimeUnit.SECONDS));

            closed.get(10, TimeUnit.SECONDS);
            assertThat(socket.closeStatusCode()).isEqualTo((short) 1001);
            // The last chunk: the stream ended well and was not just cut off.
            assertThat(new String(events.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("0\r\n\r\n");
        }
    }

    @Test
    void a_busy_service_still_responds_for_its_health() throws Exception {
        HttpServer server = serve(Integer.MAX_VALUE);
        TestHttp http = new TestHttp("http://127.0.0.1:" + server.actualPort());
        CompletableFuture<Reply> busy = http.getLater("/");
        assertThat(http.get("/health").status()).isEqualTo(200);
        assertThat(busy).isNotDone();
    }

    @Test
    void a_busy_service_responds_in_the_end() throws Exception {
        HttpServer server = serve(100_000);
        assertThat(new TestHttp("http://127.0.0.1:" + server.actualPort())
                        .get("/")
                        .body())
                .isEqualTo(GREETING);
    }

    private HttpServer serve(long busy) throws Exception {
        return get(vertx.createHttpServer(new HttpServerOptions().setHandle100ContinueAutomatically(true))
                .requestHandler(new SampleHandler("api-service", 77, busy, null))
                .listen(0, "127.0.0.1"));
    }

    private TestHttp http() {
        return new TestHttp("http://127.0.0.1:" + port);
    }

    private static void send(Socket socket, String request) throws Exception {
        OutputStream out = socket.getOutputStream();
        out.write(request.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static String readHead(InputStream in) throws Exception {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            assertThat(next).isNotNegative();
            head.append((char) next);
        }
        return head.toString();
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
