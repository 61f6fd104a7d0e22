package dev.pointsman.client;

import static dev.pointsman.client.ClientUnderTest.API;
import static dev.pointsman.client.ClientUnderTest.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.pointsman.client.CallListener.AttemptReason;
import dev.pointsman.pool.Outcome;
import dev.pointsman.registry.Instance;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that go to a second instance while the first has not responded. */
@Timeout(60)
class HedgedCallsTest {
    private final List<String> events = new CopyOnWriteArrayList<>();

    private final CallListener listener = new CallListener() {
        @Override
        public void attemptBegan(ServiceAddress service, Instance instance, AttemptReason reason) {
            events.add(reason + " " + instance.key().id());
        }

        @Override
        public void attemptEnded(ServiceAddress service, Instance instance, Outcome outcome, int status, long nanos) {
            events.add(outcome + " " + instance.key().id() + " " + status);
        }

        @Override
        public void callEnded(ServiceAddress service, int attempts, int status, long nanos) {
            events.add("call " + service + " " + attempts + " " + status);
        }
    };

    private ClientUnderTest hedging() {
        return new ClientUnderTest(options -> options.withHedgeAfter(HedgeAfter.of(Duration.ofMillis(20)))
                .withPolicy("plain-round-robin")
                .withListener(listener));
    }

    @Test
    void the_first_response_counts_and_the_other_instance_is_not_blamed() throws Exception {
        try (ClientUnderTest test = hedging()) {
            test.registry.list(
                    "api", test.silent("a-silent").listed(), test.instance("b").listed());
            assertThat(test.get().body()).isEqualTo("b");
            await().untilAsserted(() -> assertThat(events)
                    .containsExactly(
                            "FIRST a-silent", "HEDGE b", "UNDECIDED a-silent 0", "call api 2 200", "RESPONDED b 200"));
        }
    }

    @Test
    void a_request_that_may_be_sent_once_only_is_not_hedged() throws Exception {
        CallTimeouts quick = CallTimeouts.DEFAULT.withResponse(Duration.ofMillis(200));
        try (ClientUnderTest test = new ClientUnderTest(options -> options.withTimeouts(quick)
                .withHedgeAfter("20ms")
                .withPolicy("plain-round-robin")
                .withListener(listener))) {
            TestInstance fine = test.instance("b");
            test.registry.list("api", test.silent("a-silent").listed(), fine.listed());
            assertThatExceptionOfType(CallTimeoutException.class).isThrownBy(() -> test.post("once"));
            assertThat(fine.requests()).isZero();
            assertThat(events).containsExactly("FIRST a-silent", "TIMED_OUT a-silent 0", "call api 1 0");
            assertThat(got(test.send(HttpMethod.PUT, API, Buffer.buffer("twice"), Map.of()))
                            .body())
                    .isEqualTo("b");
        }
    }

    @Test
    void a_hedge_that_fails_leaves_the_first_attempt_alone() throws Exception {
        try (ClientUnderTest test = hedging()) {
            TestInstance slow = TestInstance.start(
                    test.vertx,
                    "a-slow",
                    request ->
                            test.vertx.setTimer(150, then -> request.response().end("slow")));
            test.registry.list("api", slow.listed(), test.breaking("b-breaking").listed());
            assertThat(test.get().body()).isEqualTo("slow");
            assertThat(events).contains("HEDGE b-breaking", "BROKEN b-breaking 0", "call api 2 200");
        }
    }

    @Test
    void hedges_are_a_tenth_of_the_requests_beyond_the_first_ten() throws Exception {
        CallTimeouts quick = CallTimeouts.DEFAULT.withResponse(Duration.ofMillis(60));
        try (ClientUnderTest test = new ClientUnderTest(options -> options.withTimeouts(quick)
                .withHedgeAfter("10ms")
                .withPool(options.pool().withFailOpen(true))
                .withListener(listener))) {
            test.registry.list(
                    "api", test.silent("a").listed(), test.silent("b").listed());
            for (int i = 0; i < 14; i++) {
                assertThatExceptionOfType(CallTimeoutException.class).isThrownBy(test::get);
            }
            assertThat(events).filteredOn(event -> event.startsWith("HEDGE")).hasSizeLessThanOrEqualTo(10);
        }
    }

    @Test
    void an_attempt_that_takes_too_long_does_not_go_on_to_where_its_hedge_is() throws Exception {
        CallTimeouts quick =
                CallTimeouts.DEFAULT.withAttempt(Duration.ofMillis(60)).withResponse(Duration.ofMillis(300));
        try (ClientUnderTest test = new ClientUnderTest(options -> options.withTimeouts(quick)
                .withHedgeAfter("20ms")
                .withPolicy("plain-round-robin")
                .withListener(listener))) {
            test.registry.list(
                    "api", test.silent("a").listed(), test.silent("b").listed());
            assertThatExceptionOfType(CallTimeoutException.class).isThrownBy(test::get);
            assertThat(events).contains("FIRST a", "HEDGE b").noneMatch(event -> event.startsWith("TIMEOUT "));
        }
    }

    @Test
    void by_a_percentile_nothing_is_hedged_before_enough_responses_are_known() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest(options ->
                options.withHedgeAfter("p95").withPolicy("plain-round-robin").withListener(listener))) {
            TestInstance slowAtLast = TestInstance.start(test.vertx, "a", request -> {
                if (request.getHeader("X-Last") == null) {
                    request.response().end("a");
                }
            });
            test.registry.list("api", slowAtLast.listed(), test.instance("b").listed());
            for (int i = 0; i < 99; i++) {
                test.get();
            }
            assertThat(events).noneMatch(event -> event.startsWith("HEDGE"));
            for (int i = 0; i < 20; i++) {
                test.get();
            }
            // What is known is reckoned anew now and then, not with each response.
            await().until(() -> isHedged(test));
        }
    }

    /** Whether a call that the first instance never responds to is responded to by the second. */
    private boolean isHedged(ClientUnderTest test) throws Exception {
        RequestOptions last =
                new RequestOptions().setServer(API).setURI("/").setTimeout(300).putHeader("X-Last", "yes");
        try {
            return got(test.send(last, null)).body().equals("b") && events.contains("HEDGE b");
        } catch (CallTimeoutException notYet) {
            return false;
        }
    }

    @ParameterizedTest
    @CsvSource({"p95, p95", "50ms, 50ms", "2s, 2000ms"})
    void the_time_of_a_hedge_is_written_as_a_percentile_or_a_time(String written, String shown) {
        assertThat(HedgeAfter.parse(written)).hasToString(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "p5", "p100", "p49", "50", "0ms", "-1s", "soon"})
    void another_time_of_a_hedge_is_refused_in_one_sentence(String written) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> HedgeAfter.parse(written))
                .withMessageContaining("expected: p50 to p99, or a time");
    }
}
