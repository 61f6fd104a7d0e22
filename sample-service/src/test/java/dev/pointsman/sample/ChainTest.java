package dev.pointsman.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.agent.AgentOptions;
import dev.pointsman.agent.ServiceAgent;
import dev.pointsman.client.CallTimeouts;
import dev.pointsman.client.ClientOptions;
import dev.pointsman.client.ServiceAddress;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.registry.embedded.EmbeddedRegistry;
import dev.pointsman.testkit.FreePorts;
import dev.pointsman.testkit.TestHttp;
import dev.pointsman.testkit.TestHttp.Reply;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that one sample service responds to together with another one. */
@Timeout(60)
class ChainTest {
    private static final String API = "api-service";
    private static final String WEBAPP = "webapp-service";

    private final Vertx vertx = Vertx.vertx();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private int registryPort;

    @BeforeEach
    void start() throws Exception {
        registryPort = got(EmbeddedRegistry.start(
                        vertx, EmbeddedRegistry.Options.defaults().withPort(0)))
                .port();
    }

    @AfterEach
    void end() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
        got(vertx.close());
    }

    private CalledService called(String type, Duration patience) {
        ClientOptions options = ClientOptions.from(Map.of())
                .withConsul(ConsulAddress.of("127.0.0.1", registryPort))
                .withTimeouts(CallTimeouts.DEFAULT.withResponse(patience));
        CalledService called = CalledService.follow(ServiceAddress.of(type), options);
        opened.push(called);
        return called;
    }

    /** An instance that is registered. */
    private void instance(String type, Handler<HttpServerRequest> handler) {
        AgentOptions options = AgentOptions.of(type, null, Map.of())
                .withConsul(ConsulAddress.of("127.0.0.1", registryPort))
                .withDrain(Duration.ZERO)
                .withLinger(Duration.ZERO);
        opened.push(ServiceAgent.start(options, vertx, handler));
    }

    private HttpServer listen(Handler<HttpServerRequest> handler) throws Exception {
        return got(vertx.createHttpServer().requestHandler(handler).listen(0, "127.0.0.1"));
    }

    /** A sample service, not registered, that calls the other one. */
    private TestHttp api(Duration patience) throws Exception {
        HttpServer server = listen(new SampleHandler(API, 77, 0, called(WEBAPP, patience)));
        return new TestHttp("http://127.0.0.1:" + server.actualPort());
    }

    private TestHttp api() throws Exception {
        return api(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/chain", "/api/chain", "/a/b/chain/", "/api/chain?x=y"})
    void a_chain_is_answered_by_both_below_any_prefix(String path) throws Exception {
        instance(WEBAPP, new SampleHandler(WEBAPP, 88, 0, null));
        Reply reply = api().get(path);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body())
                .isEqualTo("api-service response from 77, which asked webapp-service:"
                        + " webapp-service response from 88\n");
    }

    @Test
    void a_chain_goes_to_the_instances_in_turns() throws Exception {
        instance(WEBAPP, new SampleHandler(WEBAPP, 88, 0, null));
        instance(WEBAPP, new SampleHandler(WEBAPP, 99, 0, null));
        TestHttp api = api();
        // Until the second instance's first check, or its registration, has come round.
        await().untilAsserted(() -> assertThat(List.of(
                        api.get("/chain").body().strip().replaceAll(".* ", ""),
                        api.get("/chain").body().strip().replaceAll(".* ", "")))
                .containsExactlyInAnyOrder("88", "99"));
    }

    @Test
    void the_request_s_id_and_its_trace_go_along_and_nothing_else_does() throws Exception {
        instance(WEBAPP, request -> request.response()
                .end(request.getHeader("X-Request-Id") + " " + request.getHeader("traceparent") + " "
                        + request.getHeader("tracestate") + " " + request.getHeader("Authorization") + " "
                        + request.method() + " " + request.uri()));
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        Reply reply = api().send(
                        "POST",
                        "/api/chain",
                        "body",
                        Map.of("X-Request-Id", "r1", "traceparent", trace, "tracestate", "a=b", "Authorization", "x"));
        assertThat(reply.body()).endsWith(": r1 " + trace + " a=b null GET /\n");
    }

    @Test
    void two_services_that_call_each_other_come_to_an_end() throws Exception {
        instance(API, new SampleHandler(API, 77, 0, called(WEBAPP, Duration.ofSeconds(30))));
        instance(WEBAPP, new SampleHandler(WEBAPP, 88, 0, called(API, Duration.ofSeconds(30))));
        TestHttp api = api();
        // It is followed since before it was registered, and clients of one process share what they know.
        await().untilAsserted(
                        () -> assertThat(api.get("/chain").body()).endsWith(": webapp-service response from 88\n"));
    }

    @Test
    void without_an_instance_it_is_unavailable_for_now() throws Exception {
        Reply reply = api().get("/chain");
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.header("Retry-After")).isEqualTo("1");
        assertThat(reply.body()).isEqualTo("webapp-service: no instance of this service is registered\n");
    }

    @Test
    void where_no_instance_can_be_reached_it_says_which_were_tried() throws Exception {
        int dead = FreePorts.take();
        new TestHttp("http://127.0.0.1:" + registryPort)
                .put(
                        "/v1/agent/service/register",
                        "{\"Name\": \"webapp-service\", \"ID\": \"w1\", \"Address\": \"127.0.0.1\", \"Port\": " + dead
                                + "}");
        Reply reply = api().get("/chain");
        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.body())
                .startsWith("webapp-service: ")
                .contains("(tried: w1 at 127.0.0.1:" + dead + ")")
                .hasLineCount(1);
    }

    @Test
    void one_that_does_not_respond_in_time_is_a_504() throws Exception {
        instance(WEBAPP, request -> {});
        Reply reply = api(Duration.ofMillis(100)).get("/chain");
        assertThat(reply.status()).isEqualTo(504);
        assertThat(reply.body())
                .startsWith("webapp-service: did not respond within ")
                .contains("(tried: webapp-service-");
    }

    @Test
    void a_response_that_is_an_error_is_none_to_pass_on() throws Exception {
        instance(WEBAPP, request -> request.response().setStatusCode(404).end("no such page"));
        Reply reply = api().get("/chain");
        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.body()).isEqualTo("webapp-service: responded with status 404\n");
    }

    @Test
    void a_response_that_is_cut_short_is_a_502() throws Exception {
        instance(WEBAPP, request -> request.response()
                .putHeader("Content-Length", "100")
                .write("a part")
                .onSuccess(written -> request.connection().close()));
        Reply reply = api().get("/chain");
        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.body()).startsWith("webapp-service: the response was cut short");
    }

    @Test
    void of_a_long_response_only_the_beginning_is_passed_on() throws Exception {
        instance(WEBAPP, request -> request.response().end("x".repeat(1_000_000)));
        assertThat(api().get("/chain").body()).endsWith("xxx\n").hasSizeLessThan(10_000);
    }

    @Test
    void a_client_that_leaves_ends_the_call() throws Exception {
        CompletableFuture<Void> asked = new CompletableFuture<>();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        instance(WEBAPP, request -> {
            request.response().closeHandler(ended::complete);
            asked.complete(null);
        });
        HttpServer api = listen(new SampleHandler(API, 77, 0, called(WEBAPP, Duration.ofSeconds(30))));
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), api.actualPort())) {
            client.getOutputStream()
                    .write("GET /chain HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            asked.get(20, TimeUnit.SECONDS);
        }
        ended.get(20, TimeUnit.SECONDS);
    }

    @Test
    void nothing_is_left_of_a_called_service_that_was_closed() throws Exception {
        instance(WEBAPP, new SampleHandler(WEBAPP, 88, 0, null));
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        CalledService called = called(WEBAPP, Duration.ofSeconds(30));
        HttpServer server = got(called.vertx()
                .createHttpServer()
                .requestHandler(new SampleHandler(API, 77, 0, called))
                .listen(0, "127.0.0.1"));
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
            client.getOutputStream().write("GET /chain HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .endsWith("webapp-service response from 88\n");
        }

        called.close();

        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> !before.contains(thread))
                .extracting(Thread::getName)
                // The instance's own, and this test's.
                .filteredOn(name -> !name.equals("consul-registrar") && !name.startsWith("awaitility"))
                .isEmpty());
    }

    private static <T> T got(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
