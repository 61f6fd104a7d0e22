package dev.pointsman.launcher.drain;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class VertxBalancerClientTest {
    private static final DrainSubject SUBJECT = new DrainSubject("api 1", "n/1");

    private final Vertx vertx = Vertx.vertx();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        vertx.close();
    }

    @Test
    void a_balancer_is_asked_for_the_instance_of_a_node() throws Exception {
        assertThat(ask(200, "{\"id\":\"api 1\",\"pools\":[{}],\"acceptsNew\":true,\"inFlight\":3,\"new\":1}"))
                .isEqualTo(new BalancerReply.InstanceUse(true, true, 3));
        assertThat(asked).containsExactly("GET /api/instances/api%201?node=n%2F1");
    }

    @Test
    void an_instance_that_no_pool_knows_may_still_have_requests_under_way() {
        BalancerReply reply =
                VertxBalancerClient.read(200, Buffer.buffer("{\"pools\":[],\"acceptsNew\":false,\"inFlight\":1}"));
        assertThat(reply).isEqualTo(new BalancerReply.InstanceUse(false, false, 1));
    }

    @Test
    void a_balancer_without_the_path_is_too_old() throws Exception {
        assertThat(ask(404, "{\"error\":\"not found\"}")).isEqualTo(new BalancerReply.TooOld());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "hello", "{}", "[]", "{\"acceptsNew\":\"no\",\"inFlight\":0}", "{\"acceptsNew\":false}"})
    void an_response_without_the_keys_is_none(String body) {
        assertThat(VertxBalancerClient.read(200, Buffer.buffer(body))).isInstanceOf(BalancerReply.NoReply.class);
    }

    @Test
    void an_error_is_no_response() throws Exception {
        assertThat(ask(503, "")).isEqualTo(new BalancerReply.NoReply("it responded with 503"));
    }

    @Test
    void a_refused_connection_is_no_response() throws Exception {
        assertThat(get(1)).isInstanceOf(BalancerReply.NoReply.class);
    }

    @Test
    void a_balancer_that_never_responds_is_given_up() throws Exception {
        int port = vertx.createHttpServer()
                .requestHandler(request -> {})
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .actualPort();
        assertThat(get(port)).isInstanceOf(BalancerReply.NoReply.class);
    }

    private BalancerReply ask(int status, String body) throws Exception {
        int port = vertx.createHttpServer()
                .requestHandler(request -> {
                    asked.add(request.method() + " " + request.uri());
                    request.response().setStatusCode(status).end(body);
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .actualPort();
        return get(port);
    }

    private BalancerReply get(int port) throws Exception {
        return new VertxBalancerClient(vertx)
                .ask("127.0.0.1:" + port, SUBJECT)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }
}
