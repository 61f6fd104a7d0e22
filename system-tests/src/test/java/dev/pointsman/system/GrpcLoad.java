package dev.pointsman.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that call a {@link GrpcProgram} without a pause, none of them ever twice: half of them send one message a call, the others
 * one message after the other, each when the one before has come back.
 */
final class GrpcLoad implements AutoCloseable {
    /** Calls at a time. */
    static final int CALLS = 2;

    private static final int CONNECTIONS = 1;
    private static final int MESSAGES = 10;
    /** A frame of gRPC: not compressed, 1,000 bytes. */
    private static final Buffer MESSAGE =
            Buffer.buffer().appendByte((byte) 0).appendInt(1000).appendString("x".repeat(1000));

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client;
    private final int port;
    private final Responders responders = new Responders();
    private final AtomicInteger running = new AtomicInteger(CALLS);
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean stopping;

    private GrpcLoad(int port, boolean tls) {
        this.port = port;
        HttpClientOptions options = new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setHttp2MultiplexingLimit(CALLS / CONNECTIONS)
                .setSsl(tls)
                .setUseAlpn(tls)
                .setTrustAll(true)
                .setVerifyHost(false);
        this.client = vertx.createHttpClient(options, new PoolOptions().setHttp2MaxSize(CONNECTIONS));
    }

    static GrpcLoad start(int port, boolean tls) {
        GrpcLoad load = new GrpcLoad(port, tls);
        for (int i = 0; i < CALLS; i++) {
            load.next(i % 2 == 0 ? 1 : MESSAGES);
        }
        return load;
    }

    private void next(int messages) {
        client.request(HttpMethod.POST, port, "127.0.0.1", "/pointsman.testing.Echo/Echo")
                .compose(call -> begin(call, messages))
                .onComplete(ended -> ended(ended, messages));
    }

    private static Future<Long> begin(HttpClientRequest call, int messages) {
        call.putHeader("content-type", "application/grpc").putHeader("te", "trailers");
        call.setChunked(true);
        call.write(MESSAGE);
        if (messages == 1) {
            call.end();
        }
        return call.response().compose(response -> converse(call, response, messages));
    }

    /** Sends the other messages, and completes with the pid of the instance once all of them have come back. */
    private static Future<Long> converse(HttpClientRequest call, HttpClientResponse response, int messages) {
        AtomicInteger received = new AtomicInteger();
        response.handler(bytes -> {
            int before = received.getAndAdd(bytes.length()) / MESSAGE.length();
            int now = received.get() / MESSAGE.length();
            if (now > before && now < messages) {
                call.write(MESSAGE);
            } else if (now > before && messages > 1) {
                call.end();
            }
        });
        return response.end().map(end -> {
            String status = String.valueOf(response.getTrailer("grpc-status"));
            String head = String.valueOf(response.getHeader("grpc-status"));
            if (!status.equals("0") || received.get() != messages * MESSAGE.length()) {
                throw new IllegalStateException(
                        "HTTP " + response.statusCode() + ", status " + status + " or in the head " + head + ": "
                                + response.getHeader("grpc-message") + ", " + received + " bytes");
            }
            return Long.valueOf(response.getTrailer("pid"));
        });
    }

    private void ended(AsyncResult<Long> outcome, int messages) {
        if (outcome.succeeded()) {
            responders.count(outcome.result());
        } else {
            failures.add(String.valueOf(outcome.cause()));
        }
        if (stopping || failures.size() > 5 * CALLS) {
            running.decrementAndGet();
        } else {
            next(messages);
        }
    }

    /** See {@link Responders#responses}. */
    Map<Long, Long> responses() {
        return responders.responses();
    }

    void awaitMore(long count) {
        responders.awaitMore(count);
    }

    /** What has failed up to now, and is not in a list that was given before. */
    List<String> takeFailures() {
        List<String> taken = List.copyOf(failures);
        failures.removeAll(taken);
        return taken;
    }

    void hasNotFailed() {
        assertThat(failures).as("failures, beside %s", responses()).isEmpty();
    }

    void endsWithoutFailure() {
        stopping = true;
        Soon.isTrue("the ends of the last calls", () -> running.get() == 0);
        hasNotFailed();
    }

    @Override
    public void close() {
        stopping = true;
        vertx.close().await();
    }
}
