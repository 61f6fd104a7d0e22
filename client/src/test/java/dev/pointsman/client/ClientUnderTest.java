package dev.pointsman.client;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A client of the service "api", with a registry that lists what a test says. */
final class ClientUnderTest implements AutoCloseable {
    static final ServiceAddress API = ServiceAddress.of("api");

    final Vertx vertx = Vertx.vertx();
    final ListedServices registry = new ListedServices();
    final ServiceClient client;
    private final List<Socket> deadPorts = new ArrayList<>();

    ClientUnderTest() {
        this(options -> options);
    }

    ClientUnderTest(UnaryOperator<ClientOptions> change) {
        ClientOptions defaults =
                ClientOptions.from(Map.of()).withTimeouts(CallTimeouts.DEFAULT.withRegistry(Duration.ofMillis(200)));
        client = ServiceClient.create(vertx, registry, change.apply(defaults));
    }

    /** The response to a request that is sent whole. */
    record Received(int status, String body) {}

    TestInstance instance(String id) throws Exception {
        return TestInstance.start(vertx, id);
    }

    /** An instance that is not there; its port is nobody else's until the test ends. */
    TestInstance dead(String id) throws Exception {
        Socket bound = new Socket();
        deadPorts.add(bound);
        bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return TestInstance.dead(id, bound);
    }

    /** An instance that closes the connection as soon as it has read a request. */
    TestInstance breaking(String id) throws Exception {
        return TestInstance.start(vertx, id, request -> request.end()
                .onSuccess(read -> request.connection().close()));
    }

    /** An instance that never responds. */
    TestInstance silent(String id) throws Exception {
        return TestInstance.start(vertx, id, request -> {});
    }

    Received get() throws Exception {
        return got(send(HttpMethod.GET, API, null, Map.of()));
    }

    Received post(String body) throws Exception {
        return got(send(HttpMethod.POST, API, Buffer.buffer(body), Map.of()));
    }

    Future<Received> send(HttpMethod method, ServiceAddress to, @Nullable Buffer body, Map<String, String> fields) {
        RequestOptions options =
                new RequestOptions().setServer(to).setMethod(method).setURI("/x");
        fields.forEach(options::putHeader);
        return send(options, body);
    }

    /** On a context: elsewhere a busy machine may let the body pass before it is asked for. */
    Future<Received> send(RequestOptions options, @Nullable Buffer body) {
        return Future.future(sent -> vertx.runOnContext(there -> client.httpClient()
                .request(options)
                .compose(request -> body == null ? request.send() : request.send(body))
                .compose(ClientUnderTest::read)
                .onComplete(sent)));
    }

    private static Future<Received> read(HttpClientResponse response) {
        return response.body().map(body -> new Received(response.statusCode(), body.toString()));
    }

    static <T> T got(Future<T> future) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        for (Socket each : deadPorts) {
            each.close();
        }
    }
}
