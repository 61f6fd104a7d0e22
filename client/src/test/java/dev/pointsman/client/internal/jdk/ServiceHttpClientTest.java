package dev.pointsman.client.internal.jdk;

import static dev.pointsman.client.internal.jdk.TestService.request;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.client.ContextFields;
import dev.pointsman.client.NoInstanceException;
import dev.pointsman.client.ServiceAddress;
import dev.pointsman.client.ServiceRequest;
import dev.pointsman.client.internal.call.CallLoop;
import io.vertx.core.Context;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceHttpClientTest {
    private static TestService service;
    private static ServiceHttpClient client;

    @BeforeAll
    static void start() {
        service = new TestService();
        client = service.client();
    }

    @AfterAll
    static void stop() {
        client.close();
        service.close();
    }

    @Test
    void a_service_is_called_by_its_name() throws Exception {
        HttpRequest request = request("/hello?page=2").build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("hello");
        assertThat(response.uri()).isEqualTo(request.uri());
        assertThat(response.request()).isSameAs(request);
        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(response.previousResponse()).isEmpty();
        assertThat(response.sslSession()).isEmpty();
        assertThat(service.options.getServer()).isEqualTo(ServiceAddress.of("api-service"));
        assertThat(service.options.getURI()).isEqualTo("/hello?page=2");
    }

    @Test
    void a_request_of_the_jdks_own_builder_calls_a_service_by_its_name_in_consuls_dns() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://v2.api.service.consul/hello"))
                .build();
        assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("hello");
        assertThat(service.options.getServer())
                .isEqualTo(ServiceAddress.of("api").withTag("v2"));
    }

    @Test
    void an_address_goes_where_it_says_whatever_its_uri_looks_like() throws Exception {
        ServiceAddress address = ServiceAddress.of("a.b c").withTag("v2");
        client.send(ServiceRequest.newBuilder(address, "/hello").build(), BodyHandlers.discarding());
        assertThat(service.options.getServer()).isEqualTo(address);
    }

    @Test
    void a_uri_that_names_no_service_is_refused() {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://example.org/")).build();
        assertThatThrownBy(() -> client.sendAsync(request, BodyHandlers.ofString()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("this client calls services only");
        assertThatThrownBy(() -> client.send(request, BodyHandlers.ofString()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void all_header_fields_arrive_in_both_directions() throws Exception {
        service.paths.put("/fields", request -> {
            request.response().headers().add("x-seen", request.headers().getAll("x-one"));
            request.response()
                    .headers()
                    .add("X-Host", request.getHeader("host"))
                    .add("x-host", "second");
            request.response().end();
        });
        HttpResponse<Void> response = client.send(
                request("/fields").headers("x-one", "1", "x-one", "2").build(), BodyHandlers.discarding());
        assertThat(response.headers().allValues("x-seen")).containsExactly("1", "2");
        assertThat(response.headers().allValues("x-host")).containsExactly("api-service", "second");
    }

    @Test
    void a_call_takes_the_context_of_the_thread_that_makes_it_along() throws Exception {
        service.paths.put("/context", request -> request.response()
                .end(request.headers().getAll("x-trace") + " "
                        + request.headers().getAll("x-own")));
        ThreadLocal<String> trace = new ThreadLocal<>();
        ContextFields fields = set -> {
            set.accept("x-trace", trace.get());
            set.accept("x-own", "context");
        };
        ServiceHttpClient traced = new ServiceHttpClient(service.loops(1), fields, null);
        trace.set("here");
        HttpRequest request = request("/context").header("X-Own", "request").build();
        assertThat(traced.send(request, BodyHandlers.ofString()).body()).isEqualTo("[here] [request]");
        traced.close();
    }

    @Test
    void a_context_that_throws_makes_the_call_fail() {
        ServiceHttpClient broken = new ServiceHttpClient(
                service.loops(1),
                set -> {
                    throw new IllegalStateException("no context");
                },
                null);
        assertThatThrownBy(() -> broken.send(request("/hello").build(), BodyHandlers.ofString()))
                .isInstanceOf(IOException.class)
                .hasMessage("no context");
        broken.close();
    }

    @Test
    void a_request_class_of_its_own_is_sent_like_any_other() throws Exception {
        HttpRequest request = new OwnRequest(Map.of("x-own", List.of("1")));
        assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("hello");
    }

    @Test
    void a_line_break_in_a_field_that_no_builder_has_checked_is_refused() {
        HttpRequest request = new OwnRequest(Map.of("x-own", List.of("1\r\nx-more: 2")));
        assertThatThrownBy(() -> client.send(request, BodyHandlers.ofString()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void a_response_that_has_no_body_is_whole_without_one(int status) throws Exception {
        service.paths.put(
                "/" + status,
                request -> request.response().setStatusCode(status).end());
        HttpResponse<String> response = client.send(request("/" + status).build(), BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void a_response_to_head_has_the_fields_alone() throws Exception {
        service.paths.put(
                "/head",
                request -> request.response().putHeader("content-length", "5").end());
        HttpResponse<String> response = client.send(
                request("/head").method("HEAD", BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        assertThat(response.headers().firstValueAsLong("content-length")).hasValue(5);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void interim_responses_are_passed_over() throws Exception {
        service.paths.put("/hints", request -> {
            request.response().writeContinue();
            request.response()
                    .writeEarlyHints(
                            io.vertx.core.MultiMap.caseInsensitiveMultiMap().add("link", "</x>"))
                    .onSuccess(written -> request.response().end("hinted"));
        });
        assertThat(client.send(request("/hints").build(), BodyHandlers.ofString())
                        .body())
                .isEqualTo("hinted");
    }

    @Test
    void a_redirection_is_not_followed() throws Exception {
        service.paths.put("/moved", request -> request.response()
                .setStatusCode(302)
                .putHeader("location", "/hello")
                .end());
        assertThat(client.send(request("/moved").build(), BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(302);
        assertThat(client.followRedirects()).isEqualTo(HttpClient.Redirect.NEVER);
    }

    @Test
    void the_calls_timeout_is_one_of_the_jdks_and_keeps_its_sentence() {
        HttpRequest request = ServiceRequest.newBuilder(TestService.LATE, "/")
                .timeout(Duration.ofMillis(1500))
                .build();
        assertThatThrownBy(() -> client.send(request, BodyHandlers.ofString()))
                .isInstanceOf(HttpTimeoutException.class)
                .hasMessage("late: no response (tried: a:1)");
        assertThat(service.options.getTimeout()).isEqualTo(1500);
    }

    @Test
    void a_service_without_instances_is_told_as_such() {
        HttpRequest request = ServiceRequest.newBuilder(TestService.NOBODY, "/").build();
        assertThatThrownBy(() -> client.send(request, BodyHandlers.ofString()))
                .isInstanceOf(NoInstanceException.class)
                .hasMessage("nobody: has no instance");
        assertThat(client.sendAsync(request, BodyHandlers.ofString()))
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .withCauseInstanceOf(NoInstanceException.class);
    }

    @Test
    void what_hangs_on_the_future_never_runs_on_an_event_loop() throws Exception {
        CompletableFuture<Boolean> succeeded = client.sendAsync(
                        request("/hello").build(), BodyHandlers.ofString())
                .thenApply(response -> Context.isOnEventLoopThread());
        CompletableFuture<Boolean> failed = client.sendAsync(
                        ServiceRequest.newBuilder(TestService.NOBODY, "/").build(), BodyHandlers.ofString())
                .handle((response, failure) -> Context.isOnEventLoopThread());
        assertThat(succeeded.get(20, SECONDS)).isFalse();
        assertThat(failed.get(20, SECONDS)).isFalse();
    }

    @Test
    void a_call_can_be_made_on_an_event_loop_if_nothing_waits_for_it_there() throws Exception {
        CallLoop loop = service.loops(1).get(0);
        ServiceHttpClient ofLoop = new ServiceHttpClient(List.of(loop), ContextFields.NONE, null);
        CompletableFuture<HttpResponse<String>> response = new CompletableFuture<>();
        CompletableFuture<Throwable> refused = new CompletableFuture<>();
        loop.context().runOnContext(go -> {
            var unused = ofLoop.sendAsync(request("/hello").build(), BodyHandlers.ofString())
                    .thenAccept(response::complete);
            try {
                ofLoop.send(request("/hello").build(), BodyHandlers.ofString());
            } catch (Exception e) {
                refused.complete(e);
            }
        });
        assertThat(response.get(20, SECONDS).body()).isEqualTo("hello");
        assertThat(refused.get(20, SECONDS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("sendAsync()");
        ofLoop.close();
    }

    @Test
    void loops_take_calls_in_turns() throws Exception {
        List<CallLoop> loops = service.loops(3);
        List<CallLoop> counted = new ArrayList<>();
        Set<Integer> ports = ConcurrentHashMap.newKeySet();
        service.paths.put("/port", request -> {
            ports.add(request.remoteAddress().port());
            request.response().end();
        });
        counted.addAll(loops);
        ServiceHttpClient turning = new ServiceHttpClient(counted, ContextFields.NONE, null);
        for (int i = 0; i < 6; i++) {
            turning.send(request("/port").build(), BodyHandlers.discarding());
        }
        assertThat(ports).as("connections, each loop with its own").hasSize(3);
        turning.close();
    }

    @Test
    void callers_may_bring_an_executor_which_then_is_theirs() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "callers-own"));
        ServiceHttpClient with = service.client(executor);
        assertThat(with.executor()).contains(executor);
        assertThat(with.sendAsync(request("/hello").build(), BodyHandlers.ofString())
                        .thenApply(response -> Thread.currentThread().getName())
                        .get(20, SECONDS))
                .isIn("callers-own", Thread.currentThread().getName());
        with.close();
        assertThat(executor.isShutdown()).isFalse();
        executor.shutdown();
    }

    @Test
    void an_executor_that_takes_no_tasks_makes_the_call_fail() {
        ServiceHttpClient with = service.client(task -> {
            throw new java.util.concurrent.RejectedExecutionException("full");
        });
        assertThat(with.sendAsync(request("/hello").build(), BodyHandlers.ofString()))
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .withCauseInstanceOf(IOException.class)
                .withMessageContaining("takes no more tasks");
        with.close();
    }

    @Test
    void what_it_does_not_do_it_says() {
        assertThatThrownBy(client::newWebSocketBuilder)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("no WebSockets");
        assertThatThrownBy(() ->
                        client.sendAsync(request("/hello").expectContinue(true).build(), BodyHandlers.ofString()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expectContinue: true (expected: false");
        assertThat(client.cookieHandler()).isEmpty();
        assertThat(client.authenticator()).isEmpty();
        assertThat(client.proxy()).isEmpty();
        assertThat(client.connectTimeout()).isEmpty();
        assertThat(client.executor()).isEmpty();
        assertThat(client.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(client.sslContext()).isNotNull();
        assertThat(client.sslParameters()).isNotNull();
    }

    private static final class OwnRequest extends HttpRequest {
        private final Map<String, List<String>> fields;

        OwnRequest(Map<String, List<String>> fields) {
            this.fields = fields;
        }

        @Override
        public Optional<BodyPublisher> bodyPublisher() {
            return Optional.empty();
        }

        @Override
        public String method() {
            return "GET";
        }

        @Override
        public Optional<Duration> timeout() {
            return Optional.empty();
        }

        @Override
        public boolean expectContinue() {
            return false;
        }

        @Override
        public URI uri() {
            return URI.create("service://api-service/hello");
        }

        @Override
        public Optional<HttpClient.Version> version() {
            return Optional.empty();
        }

        @Override
        public HttpHeaders headers() {
            return HttpHeaders.of(fields, (name, value) -> true);
        }
    }
}
