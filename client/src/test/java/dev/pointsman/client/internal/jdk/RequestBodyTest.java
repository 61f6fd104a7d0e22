package dev.pointsman.client.internal.jdk;

import static dev.pointsman.client.internal.jdk.TestService.request;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Context;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestBodyTest {
    private static final int LARGE = 10 * 1024 * 1024;

    private static TestService service;
    private static ServiceHttpClient client;
    private static int port;

    @BeforeAll
    static void start() {
        service = new TestService();
        port = service.port;
        client = service.client();
    }

    @AfterAll
    static void stop() {
        client.close();
        service.close();
    }

    @AfterEach
    void callTheServiceAgain() {
        service.port = port;
    }

    private static HttpResponse<String> echo(BodyPublisher body) throws Exception {
        return client.send(request("/echo").POST(body).build(), BodyHandlers.ofString());
    }

    private static void check(HttpResponse<String> echo, String body, String length, String framing) {
        assertThat(echo.body()).isEqualTo(body);
        assertThat(echo.headers().allValues("x-length")).containsExactly(length);
        assertThat(echo.headers().allValues("x-framing")).containsExactly(framing);
    }

    @Test
    void a_body_of_known_length_has_its_length_told(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("body"), "in a file");
        check(echo(BodyPublishers.ofString("a string")), "a string", "8", "null");
        check(echo(BodyPublishers.ofByteArray(new byte[] {65, 66, 67}, 1, 2)), "BC", "2", "null");
        check(echo(BodyPublishers.ofFile(file)), "in a file", "9", "null");
        check(echo(BodyPublishers.fromPublisher(BodyPublishers.ofString("given"), 5)), "given", "5", "null");
        check(echo(BodyPublishers.noBody()), "", "0", "null");
    }

    @Test
    void a_body_of_unknown_length_is_sent_in_chunks() throws Exception {
        InputStream stream = new ByteArrayInputStream("in a stream".getBytes(StandardCharsets.UTF_8));
        check(echo(BodyPublishers.ofInputStream(() -> stream)), "in a stream", "null", "chunked");
        check(echo(BodyPublishers.fromPublisher(BodyPublishers.ofString("given"))), "given", "null", "chunked");
        check(
                echo(BodyPublishers.ofByteArrays(List.of(new byte[] {65}, new byte[0], new byte[] {66}))),
                "AB",
                "null",
                "chunked");
        check(echo(BodyPublishers.fromPublisher(BodyPublishers.noBody())), "", "null", "chunked");
    }

    @Test
    void a_get_says_nothing_of_a_body() throws Exception {
        check(client.send(request("/echo").GET().build(), BodyHandlers.ofString()), "", "null", "null");
        check(client.send(request("/echo").DELETE().build(), BodyHandlers.ofString()), "", "null", "null");
    }

    @Test
    void a_large_body_comes_back_as_it_was_sent(@TempDir Path folder) throws Exception {
        byte[] large = new byte[LARGE / 8 + 1];
        new Random(1).nextBytes(large);
        Path file = Files.write(folder.resolve("body"), large);
        for (BodyPublisher body : List.of(
                BodyPublishers.ofByteArray(large),
                BodyPublishers.ofFile(file),
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))) {
            HttpResponse<byte[]> echo = client.send(request("/echo").PUT(body).build(), BodyHandlers.ofByteArray());
            assertThat(Arrays.equals(echo.body(), large)).isTrue();
        }
    }

    @Test
    void a_publisher_never_runs_on_an_event_loop() throws Exception {
        AtomicBoolean onEventLoop = new AtomicBoolean();
        InputStream stream = new FilterInputStream(new ByteArrayInputStream(new byte[1024 * 1024])) {
            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                onEventLoop.compareAndSet(false, Context.isOnEventLoopThread());
                return super.read(into, from, length);
            }
        };
        assertThat(echo(BodyPublishers.ofInputStream(() -> stream)).body()).hasSize(1024 * 1024);
        assertThat(onEventLoop).isFalse();
    }

    /** Publishes as much as is asked for, and counts it. */
    private static final class Pieces implements Flow.Publisher<ByteBuffer> {
        static final int PIECE = 16 * 1024;
        final AtomicLong published = new AtomicLong();
        final CompletableFuture<Void> cancelled = new CompletableFuture<>();
        private final long total;

        Pieces(long total) {
            this.total = total;
        }

        @Override
        public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
            subscriber.onSubscribe(new Flow.Subscription() {
                private final AtomicLong demand = new AtomicLong();

                @Override
                public void request(long items) {
                    if (demand.getAndAdd(items) > 0) {
                        return;
                    }
                    do {
                        if (cancelled.isDone()) {
                            return;
                        }
                        published.addAndGet(PIECE);
                        subscriber.onNext(ByteBuffer.allocate(PIECE));
                        if (published.get() >= total) {
                            subscriber.onComplete();
                            return;
                        }
                    } while (demand.decrementAndGet() > 0);
                }

                @Override
                public void cancel() {
                    cancelled.complete(null);
                }
            });
        }
    }

    @Test
    void a_service_that_reads_slowly_holds_the_publisher_back() throws Exception {
        Pieces pieces = new Pieces(LARGE);
        try (ServerSocket slow = new ServerSocket()) {
            slow.setReceiveBufferSize(64 * 1024);
            slow.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            service.port = slow.getLocalPort();
            CompletableFuture<HttpResponse<String>> response = client.sendAsync(
                    request("/")
                            .POST(BodyPublishers.fromPublisher(pieces, LARGE))
                            .build(),
                    BodyHandlers.ofString());
            try (Socket socket = slow.accept()) {
                assertThat(mostAhead(pieces, socket.getInputStream())).isLessThan(LARGE / 2);
                respond(socket.getOutputStream(), "200 OK");
                assertThat(response.get(20, SECONDS).body()).isEqualTo("ok");
            }
        }
    }

    /** Reads a piece each time that the client has no room for more, and says how far the publisher was ahead at most. */
    private static long mostAhead(Pieces pieces, InputStream in) throws IOException {
        readHead(in);
        long most = 0;
        long read = 0;
        while (read < LARGE) {
            await().pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> pieces.published.get() >= LARGE || service.isFull());
            most = Math.max(most, pieces.published.get() - read);
            read += in.readNBytes(Math.min(128 * 1024, LARGE - (int) read)).length;
        }
        return most;
    }

    private static boolean isClosed(InputStream in) throws IOException {
        try {
            in.transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true; // reset, for what was sent and not read
        }
    }

    private static void readHead(InputStream in) throws IOException {
        int seen = 0;
        while (seen < 4) {
            int c = in.read();
            seen = c == (seen % 2 == 0 ? '\r' : '\n') ? seen + 1 : 0;
        }
    }

    private static void respond(OutputStream out, String status) throws IOException {
        out.write(("HTTP/1.1 " + status + "\r\nContent-Length: 2\r\n\r\nok").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    @Test
    void a_response_before_the_body_was_sent_ends_the_sending() throws Exception {
        Pieces endless = new Pieces(Long.MAX_VALUE);
        try (ServerSocket refusing = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            service.port = refusing.getLocalPort();
            CompletableFuture<HttpResponse<String>> response = client.sendAsync(
                    request("/").POST(BodyPublishers.fromPublisher(endless)).build(), BodyHandlers.ofString());
            try (Socket socket = refusing.accept()) {
                readHead(socket.getInputStream());
                respond(socket.getOutputStream(), "413 Content Too Large");
                assertThat(response.get(20, SECONDS).statusCode()).isEqualTo(413);
                assertThat(endless.cancelled).succeedsWithin(Duration.ofSeconds(20));
                socket.setSoTimeout(20_000);
                assertThat(isClosed(socket.getInputStream())).isTrue();
            }
        }
    }

    @Test
    void a_body_of_known_length_is_whole_with_its_last_byte() throws Exception {
        Set<Integer> ports = ConcurrentHashMap.newKeySet();
        service.paths.put("/whole", request -> {
            ports.add(request.remoteAddress().port());
            request.body().onSuccess(body -> request.response().end(body));
        });
        BodyPublisher neverCompletes = BodyPublishers.fromPublisher(
                subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
                    private boolean given;

                    @Override
                    public void request(long items) {
                        if (!given) {
                            given = true;
                            subscriber.onNext(ByteBuffer.wrap("whole".getBytes(StandardCharsets.UTF_8)));
                        }
                    }

                    @Override
                    public void cancel() {}
                }),
                5);
        for (int i = 0; i < 6; i++) {
            HttpRequest request = request("/whole").POST(neverCompletes).build();
            assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("whole");
        }
        assertThat(ports).as("connections, kept by each of two loops").hasSize(2);
    }

    @Test
    void a_body_of_another_length_than_announced_makes_the_call_fail() {
        assertThatThrownBy(() -> echo(BodyPublishers.fromPublisher(BodyPublishers.ofString("four"), 5)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has 4 bytes of the 5");
        assertThatThrownBy(() -> echo(BodyPublishers.fromPublisher(BodyPublishers.ofString("four"), 3)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("longer than the 3 bytes");
    }

    @Test
    void a_publisher_that_fails_makes_the_call_fail() {
        InputStream broken = new FilterInputStream(InputStream.nullInputStream()) {
            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                throw new IOException("disk gone");
            }
        };
        assertThatThrownBy(() -> echo(BodyPublishers.ofInputStream(() -> broken)))
                .isInstanceOf(IOException.class)
                .hasStackTraceContaining("disk gone");
        assertThatThrownBy(() -> echo(BodyPublishers.fromPublisher(subscriber -> {
                    throw new IllegalStateException("no publisher");
                })))
                .isInstanceOf(IOException.class)
                .hasMessage("no publisher");
    }

    @Test
    void a_timeout_counts_while_a_body_is_waited_for() {
        HttpRequest request = request("/echo")
                .timeout(Duration.ofMillis(50))
                .POST(BodyPublishers.fromPublisher(neverPublishes -> {}))
                .build();
        assertThatThrownBy(() -> client.send(request, BodyHandlers.ofString()))
                .isInstanceOf(HttpTimeoutException.class)
                .hasMessage("api-service: no response within 50 ms");
    }

    @Test
    void a_call_that_is_cancelled_cancels_its_publisher() throws Exception {
        Pieces endless = new Pieces(Long.MAX_VALUE);
        CompletableFuture<Void> begun = new CompletableFuture<>();
        service.paths.put("/begun", request -> request.handler(piece -> begun.complete(null)));
        CompletableFuture<HttpResponse<String>> response = client.sendAsync(
                request("/begun").POST(BodyPublishers.fromPublisher(endless)).build(), BodyHandlers.ofString());
        begun.get(20, SECONDS);
        response.cancel(true);
        assertThat(endless.cancelled).succeedsWithin(Duration.ofSeconds(20));
    }
}
