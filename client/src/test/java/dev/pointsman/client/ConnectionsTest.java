package dev.pointsman.client;

import static dev.pointsman.client.ClientUnderTest.API;
import static dev.pointsman.client.ClientUnderTest.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.Weights;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The connections of calls to instances: kept, shared, bounded and given up. */
@Timeout(60)
class ConnectionsTest {
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Context context = vertx.getOrCreateContext();
    private final ListedServices registry = new ListedServices();
    private final Queue<HttpConnection> accepted = new ConcurrentLinkedQueue<>();
    private final Queue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();
    private ServiceClient client = client(CallTimeouts.DEFAULT);

    private ServiceClient client(CallTimeouts timeouts) {
        return ServiceClient.create(
                vertx,
                registry,
                ClientOptions.from(Map.of()).withTimeouts(timeouts).withConnections(1));
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        got(vertx.close());
    }

    /** An instance that holds requests to /held, closes after those to /last, and forgets a connection when told so. */
    private HttpServer instance() throws Exception {
        HttpServer server = got(vertx.createHttpServer()
                .connectionHandler(accepted::add)
                .requestHandler(request -> {
                    switch (request.path()) {
                        case "/held" -> held.add(request);
                        case "/last" ->
                            request.response().putHeader("Connection", "close").end("last");
                        case "/brief" ->
                            request.response()
                                    .putHeader("Keep-Alive", "timeout=0")
                                    .end("brief");
                        case "/elsewhere" ->
                            request.response()
                                    .setStatusCode(302)
                                    .putHeader("Location", "http://" + request.authority() + "/there")
                                    .end();
                        default -> request.response().end(request.path());
                    }
                })
                .listen(0, "127.0.0.1"));
        registry.list(
                "api",
                new Instance(
                        new InstanceKey("node", "a"),
                        "api",
                        "127.0.0.1",
                        server.actualPort(),
                        List.of(),
                        Map.of(),
                        Weights.DEFAULT,
                        Health.PASSING,
                        ""));
        return server;
    }

    private static RequestOptions to(String path) {
        return new RequestOptions().setServer(API).setURI(path);
    }

    private Future<String> get(RequestOptions options) {
        return client.httpClient()
                .request(options)
                .compose(HttpClientRequest::send)
                .compose(HttpClientResponse::body)
                .map(Object::toString);
    }

    private Future<String> get(String path) {
        return Future.future(
                promise -> context.runOnContext(there -> get(to(path)).onComplete(promise)));
    }

    /** So many calls, each made as soon as the response before has ended. */
    private Future<Integer> oneAfterTheOther(int calls, int done) {
        return calls == done
                ? Future.succeededFuture(done)
                : get(to("/x")).compose(x -> oneAfterTheOther(calls, done + 1));
    }

    @Test
    void a_call_that_is_made_as_a_response_ends_goes_on_the_same_connection() throws Exception {
        instance();
        Promise<Integer> done = Promise.promise();
        context.runOnContext(there -> oneAfterTheOther(50, 0).onComplete(done));
        assertThat(got(done.future())).isEqualTo(50);
        assertThat(accepted).hasSize(1);
    }

    @Test
    void a_call_beyond_the_most_connections_waits_for_the_next_that_is_free() throws Exception {
        instance();
        Future<String> first = get("/held");
        await().until(() -> held.size() == 1);
        List<Future<String>> others = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            others.add(get("/x"));
        }
        assertThat(others).noneMatch(Future::isComplete);
        held.remove().response().end("first");
        assertThat(got(first)).isEqualTo("first");
        for (Future<String> each : others) {
            assertThat(got(each)).isEqualTo("/x");
        }
        assertThat(accepted).hasSize(1);
    }

    @Test
    void a_call_that_waits_for_a_connection_in_vain_says_so() throws Exception {
        client.close();
        client = client(CallTimeouts.DEFAULT.withResponse(Duration.ofMillis(200)));
        instance();
        Promise<String> first = Promise.promise();
        context.runOnContext(there -> get(to("/held").setTimeout(60_000)).onComplete(first));
        await().until(() -> held.size() == 1);
        Future<String> second = get("/x");
        assertThatExceptionOfType(ServiceCallException.class)
                .isThrownBy(() -> got(second))
                .withMessageContaining("short of file descriptors, memory or connections")
                .withMessageContaining("no connection to");
        held.remove().response().end("first");
        assertThat(got(first.future())).isEqualTo("first");
    }

    @Test
    void a_call_that_is_given_up_leaves_room_for_the_next() throws Exception {
        instance();
        for (int i = 0; i < 3; i++) {
            Promise<HttpClientRequest> sent = Promise.promise();
            context.runOnContext(
                    there -> client.httpClient().request(to("/held")).onComplete(sent));
            HttpClientRequest request = got(sent.future());
            var unused = request.send();
            await().until(() -> !held.isEmpty());
            Future<String> next = get("/x");
            got(request.reset());
            assertThat(got(next)).isEqualTo("/x");
            held.clear();
        }
    }

    @Test
    void a_request_that_is_given_up_before_it_is_sent_leaves_room_for_the_next() throws Exception {
        instance();
        for (int i = 0; i < 3; i++) {
            Promise<HttpClientRequest> unsent = Promise.promise();
            context.runOnContext(there -> client.httpClient().request(to("/x")).onComplete(unsent));
            got(got(unsent.future()).reset());
            assertThat(got(get("/x"))).isEqualTo("/x");
        }
    }

    @Test
    void a_connection_is_left_when_its_instance_says_so_or_closes_it_or_keeps_it_too_briefly() throws Exception {
        instance();
        assertThat(got(get("/last"))).isEqualTo("last");
        assertThat(got(get("/x"))).isEqualTo("/x");
        assertThat(accepted).hasSize(2);
        got(List.copyOf(accepted).get(1).close());
        assertThat(got(get("/brief"))).isEqualTo("brief");
        assertThat(accepted).hasSize(3);
        assertThat(got(get("/x"))).isEqualTo("/x");
    }

    @Test
    void a_redirection_is_followed_to_the_address_that_it_names() throws Exception {
        instance();
        Promise<String> followed = Promise.promise();
        context.runOnContext(
                there -> get(to("/elsewhere").setFollowRedirects(true)).onComplete(followed));
        assertThat(got(followed.future())).isEqualTo("/there");
    }

    @Test
    void calls_of_a_worker_have_connections_as_well() throws Exception {
        instance();
        Promise<String> body = Promise.promise();
        got(vertx.deployVerticle(
                new VerticleBase() {
                    @Override
                    public Future<?> start() {
                        return get(to("/x")).compose(x -> get(to("/y"))).onComplete(body);
                    }
                },
                new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER)));
        assertThat(got(body.future())).isEqualTo("/y");
    }

    @Test
    void an_instance_that_has_left_and_come_back_gets_calls_again() throws Exception {
        HttpServer first = instance();
        assertThat(got(get("/x"))).isEqualTo("/x");
        registry.list("api");
        got(first.close());
        instance();
        assertThat(got(get("/y"))).isEqualTo("/y");
    }
}
