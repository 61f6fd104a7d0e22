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
    private static final Subject SUBJECT = new Subject("api 1", "n/1");

    private final Vertx vertx = Vertx.vertx();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        vertx.close();
    }

    @Test
    void a_balancer_is_asked_for_the_instance_of_a_node() throws Exception {
        assertThat(ask(200, "{\"id\":\"api 1\",\"pools\":[{}],\"acceptsNew\":true,\"inFlight\":3,\"new\":1}"))
                .isEqualTo(new Reply.Answer(true, true, 3));
        assertThat(asked).containsExactly("GET /api/instances/api%201?node=n%2F1");
    }

    @Test
    void an_instance_that_no_pool_knows_may_still_have_requests_under_way() {
        Reply reply =
                VertxBalancerClient.read(200, Buffer.buffer("{\"pools\":[],\"acceptsNew\":false,\"inFlight\":1}"));
        assertThat(reply).isEqualTo(new Reply.Answer(false, false, 1));
    }

    @Test
    void a_balancer_without_the_path_is_too_old() throws Exception {
        assertThat(ask(404, "{\"error\":\"not found\"}")).isEqualTo(new Reply.TooOld());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "hello", "{}", "[]", "{\"acceptsNew\":\"no\",\"inFlight\":0}", "{\"acceptsNew\":false}"})
    void an_answer_that_does_not_say_it_is_none(String body) {
        assertThat(VertxBalancerClient.read(200, Buffer.buffer(body))).isInstanceOf(Reply.Silence.class);
    }

    @Test
    void an_error_is_no_answer() throws Exception {
        assertThat(ask(503, "")).isEqualTo(new Reply.Silence("it answered 503"));
    }

    @Test
    void nobody_there_is_no_answer() throws Exception {
        assertThat(get(1)).isInstanceOf(Reply.Silence.class);
    }

    @Test
    void one_that_never_answers_is_given_up() throws Exception {
        int port = vertx.createHttpServer()
                .requestHandler(request -> {})
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .actualPort();
        assertThat(get(port)).isInstanceOf(Reply.Silence.class);
    }

    private Reply ask(int status, String body) throws Exception {
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

    private Reply get(int port) throws Exception {
        return new VertxBalancerClient(vertx)
                .ask("127.0.0.1:" + port, SUBJECT)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }
}
