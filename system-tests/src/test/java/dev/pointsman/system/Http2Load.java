package dev.pointsman.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import java.net.ConnectException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that send POSTs in HTTP/2 without a pause, many at a time on few connections; as a POST is never sent twice, one that
 * fails has failed.
 */
final class Http2Load implements AutoCloseable {
    private static final int CONNECTIONS = 4;
    private static final int AT_A_TIME = 40;
    private static final Buffer BODY = Buffer.buffer("x".repeat(1000));

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client;
    private final int port;
    private final String path;
    private final AtomicLong served = new AtomicLong();
    private final AtomicInteger running = new AtomicInteger(AT_A_TIME);
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean stopping;

    private Http2Load(int port, String path) {
        this.port = port;
        this.path = path;
        HttpClientOptions options = new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setHttp2MultiplexingLimit(AT_A_TIME / CONNECTIONS);
        this.client = vertx.createHttpClient(options, new PoolOptions().setHttp2MaxSize(CONNECTIONS));
    }

    static Http2Load start(int port, String path) {
        Http2Load load = new Http2Load(port, path);
        for (int i = 0; i < AT_A_TIME; i++) {
            load.next();
        }
        return load;
    }

    private void next() {
        client.request(HttpMethod.POST, port, "127.0.0.1", path)
                .compose(this::send)
                .onComplete(this::ended);
    }

    private io.vertx.core.Future<Integer> send(HttpClientRequest request) {
        return request.send(BODY).compose(response -> response.body().map(body -> response.statusCode()));
    }

    private void ended(AsyncResult<Integer> outcome) {
        boolean refused = outcome.cause() instanceof ConnectException;
        if (outcome.succeeded() && outcome.result() == 200) {
            served.incrementAndGet();
        } else if (!refused) {
            failures.add(String.valueOf(outcome.failed() ? outcome.cause() : outcome.result()));
        }
        if (stopping || refused || failures.size() > AT_A_TIME) {
            running.decrementAndGet();
        } else {
            next();
        }
    }

    void awaitMore(long count) {
        long wanted = served.get() + count;
        Soon.isTrue(count + " responses more", () -> served.get() >= wanted || !failures.isEmpty());
        hasNotFailed();
    }

    private void hasNotFailed() {
        assertThat(failures).as("failures, beside %s responses", served).isEmpty();
    }

    /** Waits until every client is refused; no request on a connection that stood may have failed. */
    void endsRefused() {
        Soon.isTrue("every client to be refused", () -> running.get() == 0);
        hasNotFailed();
    }

    void endsWithoutFailure() {
        stopping = true;
        Soon.isTrue("the responses to the last requests", () -> running.get() == 0);
        hasNotFailed();
    }

    @Override
    public void close() {
        stopping = true;
        vertx.close().await();
    }
}
