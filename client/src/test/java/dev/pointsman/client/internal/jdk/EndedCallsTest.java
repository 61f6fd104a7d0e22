package dev.pointsman.client.internal.jdk;

import static dev.pointsman.client.internal.jdk.TestService.request;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls that end otherwise than by their response, and the end of the client. */
class EndedCallsTest {
    private final Set<Thread> before = ConcurrentHashMap.newKeySet();
    private TestService service;
    private ServiceHttpClient client;
    /** The requests to /hang, which no one responds to, and whether their connections are closed. */
    private final BlockingQueue<HttpServerRequest> hanging = new LinkedBlockingQueue<>();

    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    @BeforeEach
    void start() {
        before.addAll(Thread.getAllStackTraces().keySet());
        service = new TestService();
        client = service.client();
        service.paths.put("/hang", request -> {
            request.connection().closeHandler(gone -> closed.complete(null));
            hanging.add(request);
        });
        service.paths.put("/begin", request -> {
            request.connection().closeHandler(gone -> closed.complete(null));
            request.response().setChunked(true).write("begun");
        });
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        service.close();
    }

    private void arrived() throws Exception {
        assertThat(hanging.poll(20, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void an_interrupted_thread_stops_waiting_and_its_call_is_cancelled() throws Exception {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            try {
                client.send(request("/hang").build(), BodyHandlers.ofString());
            } catch (Exception e) {
                thrown.complete(e);
            }
        });
        waiting.start();
        arrived();
        waiting.interrupt();
        assertThat(thrown.get(20, SECONDS)).isInstanceOf(InterruptedException.class);
        closed.get(20, SECONDS);
        waiting.join();
    }

    @Test
    void a_thread_that_is_interrupted_beforehand_waits_for_nothing() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> client.send(request("/hang").build(), BodyHandlers.ofString()))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void a_future_that_is_cancelled_cancels_the_call() throws Exception {
        CompletableFuture<HttpResponse<String>> response =
                client.sendAsync(request("/hang").build(), BodyHandlers.ofString());
        arrived();
        assertThat(response.cancel(false)).isTrue();
        closed.get(20, SECONDS);
    }

    @Test
    void a_future_with_a_time_limit_of_its_own_cancels_the_call_too() throws Exception {
        CompletableFuture<HttpResponse<String>> response = client.sendAsync(
                        request("/hang").build(), BodyHandlers.ofString())
                .orTimeout(1, TimeUnit.MILLISECONDS);
        assertThat(response).failsWithin(Duration.ofSeconds(20));
        client.shutdown();
        assertThat(client.awaitTermination(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void a_call_that_is_cancelled_while_its_response_is_received_fails_for_whoever_reads() throws Exception {
        CompletableFuture<HttpResponse<String>> response =
                client.sendAsync(request("/begin").build(), BodyHandlers.ofString());
        InputStream in = client.send(request("/begin").build(), BodyHandlers.ofInputStream())
                .body();
        assertThat(in.readNBytes(5)).asString().isEqualTo("begun");
        response.cancel(true);
        client.shutdownNow();
        assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class).hasStackTraceContaining("closed");
        closed.get(20, SECONDS);
    }

    @Test
    void a_connection_serves_the_next_call_after_a_response() throws Exception {
        Set<Integer> ports = ConcurrentHashMap.newKeySet();
        service.paths.put("/port", request -> {
            ports.add(request.remoteAddress().port());
            request.response().end("here");
        });
        for (int i = 0; i < 10; i++) {
            client.send(request("/port").build(), BodyHandlers.ofString());
        }
        assertThat(ports).hasSize(2); // one for each loop
    }

    @Test
    void a_closed_client_takes_no_calls_and_leaves_no_threads() throws Exception {
        client.sendAsync(request("/hello").build(), BodyHandlers.ofString()).get(20, SECONDS);
        assertThat(ownThreads()).isNotEmpty();
        client.close();
        assertThat(client.isTerminated()).isTrue();
        assertThatThrownBy(() -> client.send(request("/hello").build(), BodyHandlers.ofString()))
                .isInstanceOf(IOException.class)
                .hasMessage("closed");
        assertThat(client.sendAsync(request("/hello").build(), BodyHandlers.ofString()))
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .withMessageContaining("closed");
        await().until(() -> ownThreads().isEmpty());
    }

    private Set<Thread> ownThreads() {
        Set<Thread> own = ConcurrentHashMap.newKeySet();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("service-client-") && !before.contains(thread)) {
                own.add(thread);
            }
        }
        return own;
    }

    @Test
    void a_client_that_shuts_down_waits_for_the_calls_under_way() throws Exception {
        CompletableFuture<HttpResponse<String>> response =
                client.sendAsync(request("/hang").build(), BodyHandlers.ofString());
        HttpServerRequest request = hanging.poll(20, TimeUnit.SECONDS);
        client.shutdown();
        assertThat(client.isTerminated()).isFalse();
        assertThat(client.awaitTermination(Duration.ofMillis(1))).isFalse();
        request.response().end("late");
        assertThat(response.get(20, SECONDS).body()).isEqualTo("late");
        assertThat(client.awaitTermination(Duration.ofSeconds(20))).isTrue();
        assertThat(client.isTerminated()).isTrue();
    }

    @Test
    void a_client_that_is_shut_down_at_once_cancels_the_calls_under_way() throws Exception {
        CompletableFuture<HttpResponse<String>> response =
                client.sendAsync(request("/hang").build(), BodyHandlers.ofString());
        arrived();
        client.shutdownNow();
        assertThat(response)
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .withMessageContaining("closed");
        assertThat(client.awaitTermination(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void a_body_that_no_one_reads_does_not_keep_a_client_that_is_shut_down_at_once() throws Exception {
        client.send(request("/hello").build(), BodyHandlers.ofInputStream());
        client.send(request("/begin").build(), BodyHandlers.ofPublisher());
        client.shutdownNow();
        assertThat(client.awaitTermination(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void calls_fail_when_the_event_loops_have_ended() throws Exception {
        service.close();
        assertThatThrownBy(() -> client.send(request("/hello").build(), BodyHandlers.ofString()))
                .isInstanceOf(IOException.class);
        client.close();
    }
}
