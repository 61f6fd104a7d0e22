package dev.pointsman.client;

import static dev.pointsman.client.ClientUnderTest.API;
import static dev.pointsman.client.ClientUnderTest.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.pointsman.client.ClientUnderTest.Received;
import dev.pointsman.pool.Availability;
import dev.pointsman.pool.Upstream;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls through Vert.x's HTTP client: where they go, and what becomes of them when an instance fails. */
@Timeout(60)
class CallsTest {
    private static final int CONNECTIONS = 32;

    @Test
    void requests_are_spread_evenly_over_the_instances() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            TestInstance a = test.instance("a");
            TestInstance b = test.instance("b");
            test.registry.list("api", a.listed(), b.listed());
            for (int i = 0; i < 10; i++) {
                assertThat(test.get().status()).isEqualTo(200);
            }
            assertThat(a.requests()).isEqualTo(5);
            assertThat(b.requests()).isEqualTo(5);
        }
    }

    @Test
    void an_instance_that_registers_gets_requests_and_one_that_left_gets_none() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            TestInstance a = test.instance("a");
            TestInstance b = test.instance("b");
            test.registry.list("api", a.listed());
            assertThat(test.get().body()).isEqualTo("a");
            test.registry.list("api", b.listed());
            assertThat(test.get().body()).isEqualTo("b");
            assertThat(test.get().body()).isEqualTo("b");
        }
    }

    @Test
    void whatever_was_not_sent_goes_to_another_instance() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            TestInstance alive = test.instance("alive");
            test.registry.list("api", test.dead("a").listed(), test.dead("b").listed(), alive.listed());
            for (int i = 0; i < 3; i++) {
                assertThat(test.get()).isEqualTo(new Received(200, "alive"));
                assertThat(test.post("once")).isEqualTo(new Received(200, "alive"));
            }
            assertThat(alive.requests()).isEqualTo(6);
        }
    }

    @Test
    void an_idempotent_request_goes_on_from_an_instance_that_breaks_off() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            TestInstance breaking = test.breaking("breaking");
            TestInstance fine = test.instance("fine");
            test.registry.list("api", breaking.listed(), fine.listed());
            for (int i = 0; i < 4; i++) {
                assertThat(test.get().body()).isEqualTo("fine");
            }
            Future<Received> put = test.send(HttpMethod.PUT, API, Buffer.buffer("same"), Map.of());
            assertThat(got(put).body()).isEqualTo("fine");
            assertThat(breaking.requests()).isPositive();
        }
    }

    @Test
    void a_post_is_not_sent_twice_unless_it_has_an_idempotency_key() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest(options -> options.withPolicy("plain-round-robin"))) {
            TestInstance breaking = test.breaking("a-breaking");
            TestInstance fine = test.instance("b-fine");
            test.registry.list("api", breaking.listed(), fine.listed());
            test.client.follow(API).toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertThatExceptionOfType(ServiceCallException.class)
                    .isThrownBy(() -> {
                        test.post("once");
                        test.post("once");
                    })
                    .withMessageStartingWith("api: broke off before it responded")
                    .withMessageContaining("(tried: a-breaking at 127.0.0.1:" + breaking.port() + ")");
            int before = fine.requests();
            for (int i = 0; i < 2; i++) {
                Future<Received> keyed = test.send(
                        HttpMethod.POST, API, Buffer.buffer("x"), Map.of("Idempotency-Key", "\"k" + i + "\""));
                assertThat(got(keyed).body()).isEqualTo("b-fine");
            }
            assertThat(fine.requests()).isEqualTo(before + 2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void connections_that_an_instance_has_closed_fail_no_request_however_many_they_were(String method)
            throws Exception {
        try (ClientUnderTest test = new ClientUnderTest();
                LeavingInstance leaving = new LeavingInstance()) {
            test.registry.list("api", leaving.listed());
            Supplier<Future<Received>> send =
                    () -> test.send(HttpMethod.valueOf(method), API, Buffer.buffer("1"), Map.of());
            // All on one event loop, and the close and the next request on one turn of it: it cannot read in between
            // that
            // the connections are closed.
            Promise<Received> next = Promise.promise();
            test.vertx.runOnContext(
                    there -> Future.all(Stream.generate(send).limit(CONNECTIONS).toList())
                            .onSuccess(all -> test.vertx.runOnContext(again -> {
                                leaving.closeConnections();
                                send.get().onComplete(next);
                            })));
            assertThat(got(next.future()).body()).isEqualTo("connection " + (CONNECTIONS + 1));
        }
    }

    @Test
    void a_body_that_is_longer_than_what_is_kept_is_not_sent_twice() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            TestInstance one = test.breaking("one");
            TestInstance two = test.breaking("two");
            test.registry.list("api", one.listed(), two.listed());
            Buffer body = Buffer.buffer(new byte[300_000]);
            assertThatExceptionOfType(ServiceCallException.class)
                    .isThrownBy(() -> got(test.send(HttpMethod.PUT, API, body, Map.of())));
            assertThat(one.requests() + two.requests()).isEqualTo(1);
        }
    }

    @Test
    void a_call_without_retries_fails_with_its_first_instance() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest(ClientOptions::withoutRetries)) {
            test.registry.list("api", test.dead("dead").listed());
            assertThatExceptionOfType(ServiceCallException.class)
                    .isThrownBy(test::get)
                    .withMessageStartingWith("api: could not be reached")
                    .satisfies(failure -> assertThat(failure.tried()).hasSize(1));
        }
    }

    @Test
    void an_instance_that_fails_again_and_again_is_ejected() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            TestInstance fine = test.instance("fine");
            test.registry.list("api", test.dead("dead").listed(), fine.listed());
            for (int i = 0; i < 30; i++) {
                assertThat(test.get().body()).isEqualTo("fine");
            }
            assertThat(test.client.instances(API).upstreams())
                    .extracting(Upstream::availability)
                    .containsExactly(Availability.EJECTED, Availability.READY);
        }
    }

    @Test
    void a_request_that_may_be_sent_again_goes_on_from_an_instance_that_is_too_slow() throws Exception {
        CallTimeouts quick = CallTimeouts.DEFAULT.withAttempt(Duration.ofMillis(50));
        try (ClientUnderTest test = new ClientUnderTest(options -> options.withTimeouts(quick))) {
            TestInstance silent = test.silent("a-silent");
            TestInstance fine = test.instance("b-fine");
            test.registry.list("api", silent.listed(), fine.listed());
            for (int i = 0; i < 3; i++) {
                assertThat(test.get().body()).isEqualTo("b-fine");
            }
            assertThat(silent.requests()).isPositive();
            await().until(() -> inFlight(test) == 0);
        }
    }

    @Test
    void a_call_fails_when_its_time_is_over_and_says_where_it_was() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            TestInstance silent = test.silent("silent");
            test.registry.list("api", silent.listed());
            RequestOptions options =
                    new RequestOptions().setServer(API).setURI("/").setTimeout(80);
            assertThatExceptionOfType(CallTimeoutException.class)
                    .isThrownBy(() -> got(test.send(options, null)))
                    .withMessageContaining("api: did not respond within ")
                    .withMessageEndingWith("(tried: silent at 127.0.0.1:" + silent.port() + ")");
            await().until(() -> inFlight(test) == 0);
        }
    }

    @Test
    void every_call_without_a_time_of_its_own_has_the_clients_for_its_response() throws Exception {
        Duration time = Duration.ofMillis(150);
        try (ClientUnderTest test =
                new ClientUnderTest(options -> options.withTimeouts(CallTimeouts.DEFAULT.withResponse(time)))) {
            test.registry.list("api", test.silent("silent").listed());
            for (int round = 0; round < 3; round++) {
                long began = System.nanoTime();
                List<Future<Received>> calls = Stream.generate(() -> test.send(HttpMethod.GET, API, null, Map.of()))
                        .limit(5)
                        .toList();
                for (Future<Received> call : calls) {
                    assertThatExceptionOfType(CallTimeoutException.class).isThrownBy(() -> got(call));
                }
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(time);
            }
            await().until(() -> inFlight(test) == 0);
        }
    }

    @Test
    void a_service_without_an_instance_is_said_to_have_none() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            test.registry.list("api");
            assertThatExceptionOfType(NoInstanceException.class)
                    .isThrownBy(test::get)
                    .withMessage("api: no instance of this service is registered");
        }
    }

    @Test
    void a_call_waits_for_the_registry_but_not_for_ever() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            assertThatExceptionOfType(NoInstanceException.class)
                    .isThrownBy(test::get)
                    .withMessage("api: where its instances are is not known, as the list has not responded yet");
            TestInstance late = test.instance("a");
            Future<Received> waiting = test.send(HttpMethod.GET, API, null, Map.of());
            test.registry.list("api", late.listed());
            assertThat(got(waiting).body()).isEqualTo("a");
        }
    }

    @Test
    void nothing_is_held_of_a_call_that_has_waited_for_the_registry_in_vain() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            WeakReference<?> call = callInVain(test);
            await().until(() -> {
                System.gc();
                return call.get() == null;
            });
        }
    }

    private static WeakReference<?> callInVain(ClientUnderTest test) {
        String field = UUID.randomUUID().toString();
        Future<?> call = test.send(HttpMethod.GET, API, null, Map.of("X-Id", field));
        assertThatExceptionOfType(NoInstanceException.class).isThrownBy(() -> got(call));
        return new WeakReference<>(field);
    }

    @Test
    void what_hangs_on_a_call_of_any_thread_runs_on_the_event_loop_where_no_part_of_the_response_is_missed()
            throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            test.registry.list("api", test.instance("a").listed());
            Future<HttpClientRequest> request = test.client.httpClient().request(new RequestOptions().setServer(API));
            got(request);
            boolean sentThere = got(request.map(ready -> Context.isOnEventLoopThread()));
            assertThat(sentThere).isTrue();
            Future<HttpClientResponse> response = got(request).send();
            got(response);
            boolean readThere = got(response.map(head -> Context.isOnEventLoopThread()));
            assertThat(readThere).isTrue();
        }
    }

    @Test
    void with_a_tag_only_instances_that_carry_it_are_called() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            TestInstance old = test.instance("old");
            TestInstance young = test.instance("young");
            test.registry.list("api", old.withTags("v1"), young.withTags("v2", "eu"));
            for (int i = 0; i < 4; i++) {
                Future<Received> call = test.send(HttpMethod.GET, API.withTag("v2"), null, Map.of());
                assertThat(got(call).body()).isEqualTo("young");
            }
            Future<Received> none = test.send(HttpMethod.GET, API.withTag("v3"), null, Map.of());
            assertThatExceptionOfType(NoInstanceException.class)
                    .isThrownBy(() -> got(none))
                    .withMessageStartingWith("v3.api: ");
        }
    }

    @Test
    void a_hash_sends_the_same_key_to_the_same_instance_and_sticky_all_of_a_client() throws Exception {
        try (ClientUnderTest hash = new ClientUnderTest(options -> options.withPolicy("hash:header:X-User"));
                ClientUnderTest sticky = new ClientUnderTest(options -> options.withPolicy("sticky"))) {
            for (ClientUnderTest test : List.of(hash, sticky)) {
                test.registry.list(
                        "api",
                        test.instance("a").listed(),
                        test.instance("b").listed(),
                        test.instance("c").listed());
                List<String> served = new ArrayList<>();
                for (int i = 0; i < 6; i++) {
                    Future<Received> call = test.send(HttpMethod.GET, API, null, Map.of("X-User", "ada"));
                    served.add(got(call).body());
                }
                assertThat(served).containsOnly(served.get(0));
            }
        }
    }

    @Test
    void an_error_status_is_a_response() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            TestInstance failing = TestInstance.start(test.vertx, "a", request -> request.response()
                    .setStatusCode(503)
                    .end("busy"));
            test.registry.list("api", failing.listed());
            assertThat(test.get()).isEqualTo(new Received(503, "busy"));
            assertThat(failing.requests()).isEqualTo(1);
        }
    }

    @Test
    void what_the_caller_breaks_off_says_nothing_of_the_instance() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            TestInstance silent = test.silent("silent");
            test.registry.list("api", silent.listed());
            for (int i = 0; i < 10; i++) {
                var request = got(test.client
                        .httpClient()
                        .request(new RequestOptions().setServer(API).setURI("/")));
                var response = request.send();
                got(request.reset());
                assertThat(response.failed()).isTrue();
            }
            await().until(() -> inFlight(test) == 0);
            Upstream only = test.client.instances(API).upstreams().get(0);
            assertThat(only.failures()).isZero();
            assertThat(only.picks()).isEqualTo(10);
        }
    }

    @Test
    void a_client_that_is_closed_says_so() throws Exception {
        ClientUnderTest test = new ClientUnderTest();
        test.registry.list("api", test.instance("a").listed());
        test.get();
        test.client.close();
        assertThat(test.registry.watches()).isZero();
        assertThatExceptionOfType(ServiceCallException.class)
                .isThrownBy(test::get)
                .withMessage("api: the client is closed");
        test.close();
    }

    @Test
    void calls_that_are_under_way_when_the_client_is_closed_say_so_and_go_to_no_further_instance() throws Exception {
        ClientUnderTest test = new ClientUnderTest();
        TestInstance one = test.silent("a");
        TestInstance other = test.silent("b");
        test.registry.list("api", one.listed(), other.listed());
        List<Future<Received>> calls = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            calls.add(test.send(HttpMethod.GET, API, null, Map.of()));
        }
        await().until(() -> one.requests() + other.requests() == 10);

        test.client.close();

        for (Future<Received> call : calls) {
            assertThatExceptionOfType(ServiceCallException.class)
                    .isThrownBy(() -> ClientUnderTest.got(call))
                    .withMessageMatching(
                            "api: the client was closed before there was a response \\(tried: [ab] at [^,]+\\)");
        }
        test.close();
    }

    @Test
    void a_call_that_is_not_sent_again_because_others_were_says_so() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            TestInstance only = test.breaking("a");
            test.registry.list("api", only.listed());
            List<Future<Received>> calls = new ArrayList<>();
            // Two retries each, if there were no budget: 120, and it has 100.
            for (int i = 0; i < 60; i++) {
                calls.add(test.send(HttpMethod.GET, API, null, Map.of()));
            }
            List<String> messages = new ArrayList<>();
            for (Future<Received> call : calls) {
                assertThatExceptionOfType(ServiceCallException.class)
                        .isThrownBy(() -> ClientUnderTest.got(call))
                        .satisfies(failure -> messages.add(failure.getMessage()));
            }
            assertThat(messages)
                    .anyMatch(message -> message.contains("; the budget of retries is spent (tried: a at "));
            assertThat(messages).anyMatch(message -> !message.contains("budget"));
        }
    }

    private static int inFlight(ClientUnderTest test) {
        return test.client.instances(API).upstreams().stream()
                .mapToInt(Upstream::inFlight)
                .sum();
    }
}
