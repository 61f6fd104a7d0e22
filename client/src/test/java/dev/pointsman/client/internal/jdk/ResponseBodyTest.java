package dev.pointsman.client.internal.jdk;

import static dev.pointsman.client.internal.jdk.TestService.request;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseBodyTest {
    private static final int LARGE = 10 * 1024 * 1024;
    private static final Buffer PIECE = Buffer.buffer(new byte[16 * 1024]);

    private static TestService service;
    private static ServiceHttpClient client;

    /** What the service wrote of the latest large response, and whether there is no room to write more at the moment. */
    private static final AtomicLong written = new AtomicLong();

    private static volatile boolean full;
    private static volatile CompletableFuture<Void> closed = new CompletableFuture<>();

    @BeforeAll
    static void start() {
        service = new TestService();
        client = service.client();
        service.paths.put("/lines", request -> request.response().end("one\ntwo\r\nthree"));
        service.paths.put("/large", request -> write(request.response().setChunked(true), LARGE));
        service.paths.put("/endless", request -> write(request.response().setChunked(true), Long.MAX_VALUE));
        service.paths.put("/cut", request -> request.response()
                .putHeader("content-length", "10")
                .write("half")
                .onSuccess(sent -> request.connection().close()));
    }

    @AfterAll
    static void stop() {
        client.close();
        service.close();
    }

    private static void write(HttpServerResponse response, long total) {
        written.set(0);
        full = false;
        closed = new CompletableFuture<>();
        CompletableFuture<Void> over = closed;
        response.closeHandler(gone -> over.complete(null));
        writeMore(response, total);
    }

    private static void writeMore(HttpServerResponse response, long total) {
        full = false;
        while (written.get() < total) {
            if (response.closed()) {
                return;
            }
            if (response.writeQueueFull()) {
                response.drainHandler(drained -> writeMore(response, total));
                full = true;
                return;
            }
            response.write(PIECE);
            written.addAndGet(PIECE.length());
        }
        response.end();
    }

    private static <T> T get(String path, BodyHandler<T> handler) throws Exception {
        T sent = client.send(request(path).build(), handler).body();
        client.sendAsync(request(path).build(), handler).get(20, SECONDS); // both ways
        return sent;
    }

    @Test
    void a_body_comes_in_the_form_that_its_handler_gives_it(@TempDir Path folder) throws Exception {
        assertThat(get("/hello", BodyHandlers.ofString())).isEqualTo("hello");
        assertThat(get("/hello", BodyHandlers.ofByteArray())).isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
        assertThat(get("/hello", BodyHandlers.ofInputStream())).hasContent("hello");
        assertThat(get("/hello", BodyHandlers.discarding())).isNull();
        assertThat(get("/hello", BodyHandlers.replacing("other"))).isEqualTo("other");
        assertThat(get("/lines", BodyHandlers.ofLines())).containsExactly("one", "two", "three");
        assertThat(get("/hello", BodyHandlers.ofFile(folder.resolve("body")))).hasContent("hello");
        assertThat(get("/hello", BodyHandlers.buffering(BodyHandlers.ofString(), 2)))
                .isEqualTo("hello");
        BodyHandler<String> mapped = info -> BodySubscribers.mapping(
                BodySubscribers.ofString(StandardCharsets.UTF_8), body -> body + info.statusCode());
        assertThat(get("/hello", mapped)).isEqualTo("hello200");
    }

    @Test
    void a_large_body_comes_in_the_form_that_its_handler_gives_it(@TempDir Path folder) throws Exception {
        assertThat(get("/large", BodyHandlers.ofByteArray())).hasSize(LARGE);
        assertThat(Files.size(get("/large", BodyHandlers.ofFile(folder.resolve("body")))))
                .isEqualTo(LARGE);
        try (InputStream in = client.send(request("/large").build(), BodyHandlers.ofInputStream())
                .body()) {
            assertThat(in.readAllBytes()).hasSize(LARGE);
        }
        try (Stream<String> lines =
                client.send(request("/large").build(), BodyHandlers.ofLines()).body()) {
            assertThat(lines.mapToInt(String::length).sum()).isEqualTo(LARGE);
        }
    }

    @Test
    void a_body_as_a_publisher_is_published_to_whoever_subscribes() throws Exception {
        Flow.Publisher<List<ByteBuffer>> publisher = client.send(
                        request("/large").build(), BodyHandlers.ofPublisher())
                .body();
        BodySubscriber<byte[]> subscriber = BodySubscribers.ofByteArray();
        publisher.subscribe(subscriber);
        assertThat(subscriber.getBody().toCompletableFuture().get(20, SECONDS)).hasSize(LARGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/hello", "/large"})
    void a_mapping_that_blocks_until_all_is_there_is_given_all(String path) throws Exception {
        BodyHandler<Integer> handler =
                info -> BodySubscribers.mapping(BodySubscribers.ofInputStream(), ResponseBodyTest::length);
        int length = get(path, handler);
        assertThat(length).isEqualTo(path.equals("/hello") ? 5 : LARGE);
    }

    private static int length(InputStream in) {
        try (in) {
            return in.readAllBytes().length;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Notes its signals, and does what a test has it do at each. */
    private static class Noting implements BodySubscriber<List<String>> {
        final List<String> signals = new CopyOnWriteArrayList<>();
        final AtomicBoolean onEventLoop = new AtomicBoolean();
        final CompletableFuture<List<String>> body = new CompletableFuture<>();
        final CompletableFuture<Throwable> failure = new CompletableFuture<>();
        final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
        final AtomicLong bytes = new AtomicLong();

        private void note(String signal) {
            onEventLoop.compareAndSet(false, Context.isOnEventLoopThread());
            signals.add(signal);
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            note("subscribe");
            subscription.complete(given);
            given.request(1);
        }

        @Override
        public void onNext(List<ByteBuffer> items) {
            note("next");
            bytes.addAndGet(items.stream().mapToLong(ByteBuffer::remaining).sum());
            subscription.join().request(1);
        }

        @Override
        public void onError(Throwable thrown) {
            note("error");
            failure.complete(thrown);
            body.completeExceptionally(thrown);
        }

        @Override
        public void onComplete() {
            note("complete");
            body.complete(signals);
        }

        @Override
        public CompletionStage<List<String>> getBody() {
            return body;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/hello", "/large"})
    void signals_come_in_order_with_one_at_the_end_and_never_on_an_event_loop(String path) throws Exception {
        Noting noting = new Noting();
        List<String> signals = client.sendAsync(request(path).build(), info -> noting)
                .get(20, SECONDS)
                .body();
        assertThat(signals).startsWith("subscribe", "next").endsWith("complete");
        assertThat(signals).filteredOn(signal -> !signal.equals("next")).containsExactly("subscribe", "complete");
        assertThat(noting.bytes).hasValue(path.equals("/hello") ? 5 : LARGE);
        assertThat(noting.onEventLoop).isFalse();
    }

    @Test
    void a_small_response_is_handled_by_the_thread_that_waits_for_it() throws Exception {
        CompletableFuture<Thread> handled = new CompletableFuture<>();
        client.send(request("/hello").build(), info -> {
            handled.complete(Thread.currentThread());
            return BodySubscribers.ofString(StandardCharsets.UTF_8);
        });
        assertThat(handled).isCompletedWithValue(Thread.currentThread());
    }

    @Test
    void nothing_is_given_to_a_subscriber_that_requests_nothing() throws Exception {
        Noting noting = new Noting() {
            @Override
            public void onSubscribe(Flow.Subscription given) {
                subscription.complete(given);
                body.complete(signals);
            }
        };
        assertThat(client.send(request("/hello").build(), info -> noting).body())
                .isEmpty();
        noting.subscription.join().request(1);
        await().untilAsserted(() -> assertThat(noting.signals).containsExactly("next", "complete"));
    }

    @Test
    void a_subscriber_that_takes_its_time_holds_the_service_back() throws Exception {
        AtomicLong ahead = new AtomicLong();
        Noting slow = new Noting() {
            @Override
            public void onNext(List<ByteBuffer> items) {
                if (signals.size() == 1) {
                    callOthers();
                    ahead.set(written.get());
                }
                super.onNext(items);
            }
        };
        client.send(request("/large").build(), info -> slow);
        assertThat(slow.bytes).hasValue(LARGE);
        assertThat(ahead.get()).isLessThan(LARGE / 2);
    }

    /** So many calls that the service had the time to write a large response meanwhile. */
    private static void callOthers() {
        await().until(() -> full || written.get() == LARGE);
        for (int i = 0; i < 200; i++) {
            client.sendAsync(request("/hello").build(), BodyHandlers.ofString()).join();
        }
    }

    /** Has its body from the beginning. */
    private static class Streaming extends Noting {
        final CompletableFuture<Void> taken = new CompletableFuture<>();

        @Override
        public CompletionStage<List<String>> getBody() {
            taken.complete(null);
            body.complete(signals);
            return body;
        }
    }

    @Test
    void a_body_is_taken_while_signals_are_given() throws Exception {
        Streaming waiting = new Streaming() {
            @Override
            public void onNext(List<ByteBuffer> items) {
                taken.join();
                super.onNext(items);
            }
        };
        client.sendAsync(request("/large").build(), info -> waiting).get(20, SECONDS);
        await().untilAsserted(() -> assertThat(waiting.bytes).hasValue(LARGE));
    }

    @Test
    void a_subscriber_that_throws_when_its_body_was_taken_ends_the_response() throws Exception {
        CompletableFuture<Void> responded = new CompletableFuture<>();
        Streaming late = new Streaming() {
            @Override
            public void onNext(List<ByteBuffer> items) {
                responded.join();
                throw new IllegalStateException("broken");
            }
        };
        client.sendAsync(request("/endless").build(), info -> late).get(20, SECONDS);
        responded.complete(null);
        assertThat(late.failure.get(20, SECONDS)).hasMessage("broken");
        closed.get(20, SECONDS);
    }

    @Test
    void a_subscriber_that_cancels_closes_the_connection_and_hears_no_more() throws Exception {
        Noting cancelling = new Noting() {
            @Override
            public void onNext(List<ByteBuffer> items) {
                signals.add("next");
                subscription.join().cancel();
                body.complete(signals);
            }
        };
        List<String> signals =
                client.send(request("/endless").build(), info -> cancelling).body();
        closed.get(20, SECONDS);
        assertThat(signals).containsExactly("subscribe", "next");
    }

    @Test
    void a_stream_that_is_closed_early_closes_the_connection() throws Exception {
        InputStream in = client.send(request("/endless").build(), BodyHandlers.ofInputStream())
                .body();
        assertThat(in.readNBytes(LARGE)).hasSize(LARGE);
        in.close();
        closed.get(20, SECONDS);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void a_request_for_no_items_is_an_error_as_the_rules_of_flow_have_it(long items) throws Exception {
        Noting wrong = new Noting() {
            @Override
            public void onSubscribe(Flow.Subscription given) {
                given.request(items);
            }
        };
        assertThatThrownBy(() -> client.send(request("/hello").build(), info -> wrong))
                .isInstanceOf(IOException.class)
                .hasCauseInstanceOf(IllegalArgumentException.class);
        assertThat(wrong.signals).containsExactly("error");
    }

    @Test
    void a_handler_that_throws_makes_the_call_fail_and_ends_the_response() throws Exception {
        for (BodyHandler<String> broken : List.<BodyHandler<String>>of(
                info -> {
                    throw new IllegalStateException("broken");
                },
                info -> new Broken("subscribe"),
                info -> new Broken("next"),
                info -> new Broken("body"))) {
            assertThatThrownBy(() -> client.send(request("/endless").build(), broken))
                    .isInstanceOf(IOException.class)
                    .hasMessage("broken")
                    .hasCauseInstanceOf(IllegalStateException.class);
            closed.get(20, SECONDS);
        }
        assertThatThrownBy(() -> client.send(request("/hello").build(), info -> new Broken("complete")))
                .isInstanceOf(IOException.class)
                .hasMessage("broken");
    }

    private record Broken(String where) implements BodySubscriber<String> {
        private void at(String here) {
            if (where.equals(here)) {
                throw new IllegalStateException("broken");
            }
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            at("subscribe");
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> item) {
            at("next");
        }

        @Override
        public void onError(Throwable thrown) {
            throw new IllegalStateException("again");
        }

        @Override
        public void onComplete() {
            at("complete");
        }

        @Override
        public CompletionStage<String> getBody() {
            at("body");
            return new CompletableFuture<>();
        }
    }

    @Test
    void a_response_that_is_cut_short_is_an_error() throws Exception {
        assertThatThrownBy(() -> client.send(request("/cut").build(), BodyHandlers.ofString()))
                .isInstanceOf(IOException.class);
        HttpResponse<InputStream> begun = client.send(request("/cut").build(), BodyHandlers.ofInputStream());
        assertThatThrownBy(() -> begun.body().readAllBytes()).isInstanceOf(IOException.class);
    }
}
